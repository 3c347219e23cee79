/**
 * One typed request/event channel over any transport that carries structured clones or JSON. Payloads
 * are parsed with zod on arrival, on both sides. A dead peer rejects everything that is pending.
 */
import { z } from 'zod';
import { StudioError, toWireError, wireErrorSchema } from '../errors.js';
import { describeError } from '../zod-message.js';

/** A transport: Electron MessagePort, child-process IPC, WebSocket. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once, with what is known of why the other side went away. */
  onClose(listener: (reason: string) => void): () => void;
  close(): void;
}

export interface Contract {
  requests: Record<string, { input: z.ZodType; output: z.ZodType }>;
  events: Record<string, z.ZodType>;
}

/** What a caller passes: defaults of the schema may be left out. */
export type Input<C extends Contract, K extends keyof C['requests']> = z.input<
  C['requests'][K]['input']
>;
/** What a handler gets, with defaults filled in. */
export type ParsedInput<C extends Contract, K extends keyof C['requests']> = z.output<
  C['requests'][K]['input']
>;
export type Output<C extends Contract, K extends keyof C['requests']> = z.output<
  C['requests'][K]['output']
>;
export type EventPayload<C extends Contract, K extends keyof C['events']> = z.output<
  C['events'][K]
>;

export type Handlers<C extends Contract> = {
  [K in keyof C['requests']]: (input: ParsedInput<C, K>) => Promise<Output<C, K>> | Output<C, K>;
};

export interface Client<C extends Contract> {
  /** Rejects with a `StudioError`: the handler's own, or `peer-closed`. */
  request<K extends keyof C['requests'] & string>(
    name: K,
    input: Input<C, K>,
  ): Promise<Output<C, K>>;
  /** Returns the function that stops listening. */
  listen<K extends keyof C['events'] & string>(
    name: K,
    listener: (payload: EventPayload<C, K>) => void,
  ): () => void;
  onClose(listener: (reason: string) => void): () => void;
  close(): void;
}

export interface Server<C extends Contract> {
  emit<K extends keyof C['events'] & string>(name: K, payload: EventPayload<C, K>): void;
  close(): void;
}

const envelopeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('request'), id: z.number(), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('result'), id: z.number(), output: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.number(), error: wireErrorSchema }),
  z.object({ type: z.literal('event'), name: z.string(), payload: z.unknown() }),
]);
type Envelope = z.infer<typeof envelopeSchema>;

function invalid(what: string, error: z.ZodError, value: unknown): StudioError {
  const { message, place } = describeError(error, value);
  return new StudioError('invalid-message', `${what}: ${message}`, '', place);
}

export function createClient<C extends Contract>(contract: C, port: Port): Client<C> {
  let nextId = 1;
  let closed: string | null = null;
  const pending = new Map<
    number,
    { name: string; resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const closeListeners = new Set<(reason: string) => void>();

  const stopMessages = port.onMessage((raw) => {
    const parsed = envelopeSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'event') {
      const schema = contract.events[message.name];
      const payload = schema?.safeParse(message.payload);
      if (!payload?.success) return;
      for (const listener of [...(listeners.get(message.name) ?? [])]) {
        listener(payload.data as never);
      }
      return;
    }
    if (message.type === 'request') return;
    const waiting = pending.get(message.id);
    if (waiting === undefined) return;
    pending.delete(message.id);
    if (message.type === 'error') {
      waiting.reject(StudioError.fromWire(message.error));
      return;
    }
    const output = contract.requests[waiting.name]?.output.safeParse(message.output);
    if (output?.success) waiting.resolve(output.data as never);
    else
      waiting.reject(
        output
          ? invalid(`answer to ${waiting.name}`, output.error, message.output)
          : new Error(waiting.name),
      );
  });

  const peerClosed = (reason: string): StudioError =>
    new StudioError('peer-closed', `The other process went away: ${reason}`);

  port.onClose((reason) => {
    if (closed !== null) return;
    closed = reason;
    stopMessages();
    const waiting = [...pending.values()];
    pending.clear();
    for (const { reject } of waiting) reject(peerClosed(reason));
    for (const listener of [...closeListeners]) listener(reason);
  });

  return {
    request(name, input) {
      return new Promise((resolve, reject) => {
        if (closed !== null) {
          reject(peerClosed(closed));
          return;
        }
        const id = nextId++;
        pending.set(id, { name, resolve: resolve as (value: never) => void, reject });
        try {
          port.send({ type: 'request', id, name, input } satisfies Envelope);
        } catch (error) {
          pending.delete(id);
          reject(peerClosed(error instanceof Error ? error.message : String(error)));
        }
      });
    },
    listen(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (payload: never) => void);
      return () => set.delete(listener as (payload: never) => void);
    },
    onClose(listener) {
      if (closed !== null) {
        const reason = closed;
        void Promise.resolve().then(() => listener(reason));
      } else closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close: () => port.close(),
  };
}

export function serve<C extends Contract>(
  contract: C,
  port: Port,
  handlers: Handlers<C>,
  /** Told of bugs: errors that are not a `StudioError`. */
  onDefect: (error: unknown) => void = () => {},
): Server<C> {
  let open = true;
  const send = (message: Envelope): void => {
    if (open) port.send(message);
  };
  const stop = port.onMessage((raw) => {
    const parsed = envelopeSchema.safeParse(raw);
    if (!parsed.success || parsed.data.type !== 'request') return;
    const { id, name, input } = parsed.data;
    const answer = async (): Promise<unknown> => {
      const request = Object.hasOwn(contract.requests, name) ? contract.requests[name] : undefined;
      if (request === undefined) throw new StudioError('unknown-request', `No request "${name}".`);
      const checked = request.input.safeParse(input);
      if (!checked.success) throw invalid(`request ${name}`, checked.error, input);
      return handlers[name as keyof C['requests']](checked.data as never);
    };
    answer().then(
      (output) => send({ type: 'result', id, output }),
      (error: unknown) => {
        if (!(error instanceof StudioError)) onDefect(error);
        send({ type: 'error', id, error: toWireError(error) });
      },
    );
  });
  port.onClose(() => {
    open = false;
    stop();
  });
  return {
    emit: (name, payload) => send({ type: 'event', name, payload }),
    close: () => port.close(),
  };
}
