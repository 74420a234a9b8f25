export declare const META_POLICY: string;
export declare const HEADERS: Record<string, string>;
export declare const SERVICE_WORKER: string;
