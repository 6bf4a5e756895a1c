import Bitcoin

/// A node as the submitter needs it.
protocol BlockReceiver: Sendable {
    /// Sends a block at once and answers on any thread.
    func submit(_ block: BlockSubmission, answer: @escaping @Sendable (SubmissionTally.Answer) -> Void)
    /// True when the node has the block on its best chain.
    /// - Parameter hash: display order.
    func has(_ hash: String) async -> Bool
}
