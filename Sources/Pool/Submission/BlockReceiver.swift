import Bitcoin

/// A node as the submitter needs it.
protocol BlockReceiver: Sendable {
    /// Sends a block at once and answers on any thread.
    func submit(_ block: BlockSubmission, answer: @escaping @Sendable (SubmissionTally.Answer) -> Void)
    /// Where a block stands on the node's chain; nil when the node does not say.
    /// - Parameter hash: display order.
    func depth(of hash: String, height: Int64) async -> BlockWatch.Depth?
}
