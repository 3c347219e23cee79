/** What happened, with what can be done about it: shown for some time. Errors are notices of `studio.ts`. */
import { create } from 'zustand';

export interface Message {
  id: number;
  text: string;
  action: { label: string; run: () => void } | null;
}

interface MessagesState {
  /** Newest last. */
  messages: readonly Message[];
  tell(text: string, action?: Message['action']): void;
  dismiss(id: number): void;
}

/** No more than these are shown; older ones go. */
const shownAtOnce = 3;
let nextMessage = 1;

export const useMessages = create<MessagesState>()((set) => ({
  messages: [],
  tell: (text, action = null) =>
    set(({ messages }) => ({
      messages: [...messages, { id: nextMessage++, text, action }].slice(-shownAtOnce),
    })),
  dismiss: (id) => set(({ messages }) => ({ messages: messages.filter((one) => one.id !== id) })),
}));
