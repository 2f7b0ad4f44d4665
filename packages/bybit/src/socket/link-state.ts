/**
 * `ready`: open, and logged in where that is needed; commands may be sent. `subscribed`: all that is wanted was
 * acknowledged too. That the picture is complete again (synchronised) only the caller can know, by asking over REST.
 */
export type LinkState = 'idle' | 'waiting' | 'dialing' | 'logging_in' | 'ready' | 'subscribed' | 'closed';
