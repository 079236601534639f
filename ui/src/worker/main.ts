// The worker's entry. The same file serves beside the view where no worker may run: then it is imported instead, and
// `serve` is called with the end of a channel (components/link.ts).
import { serve } from "./serve.ts";

export { serve };

if (typeof DedicatedWorkerGlobalScope !== "undefined" && self instanceof DedicatedWorkerGlobalScope) serve(self);
