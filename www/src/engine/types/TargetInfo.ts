export type TargetInfo = { id: string, title: string, help: string, kits: Array<string>, };
