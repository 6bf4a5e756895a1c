/// How a listener chooses share difficulties.
public struct DifficultySettings: Hashable, Sendable, BitwiseCopyable {
    /// What a connection begins with.
    public var start: Double
    public var minimum: Double
    /// Nil for none but the network's.
    public var maximum: Double?
    /// The rate that variable difficulty aims at.
    public var sharesPerMinute: Double
    /// One difficulty for every connection: variable difficulty is off and wishes are ignored.
    public var fixed: Double?

    public init(start: Double = 1024, minimum: Double = 0.001, maximum: Double? = nil, sharesPerMinute: Double = 12, fixed: Double? = nil) {
        self.start = start
        self.minimum = minimum
        self.maximum = maximum
        self.sharesPerMinute = sharesPerMinute
        self.fixed = fixed
    }
}
