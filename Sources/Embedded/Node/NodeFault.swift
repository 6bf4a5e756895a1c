/// What an embedded node can be told to do wrong, so that tests see the pool cope.
public enum NodeFault: Hashable, Sendable {
    /// Requests are taken and not answered until the fault ends; then they are.
    case hang
    /// Nobody listens on the port: connections are refused.
    case refuse
    /// Connections are accepted and closed at once.
    case drop
    /// The answer is HTTP 200 with a page that is no JSON.
    case garbage
    /// The answer is bitcoind's -28, as in the first seconds of its life.
    case warmingUp
    /// The answer is HTTP 503 with plain text, as bitcoind's when its work queue is full.
    case busy
}
