export type GoldenCheck = { label: string, features: boolean, outputs: boolean, };
