internal import CHashing

/// An engine's compression function on prepared lanes, nothing around it: the yardstick of figures.
public struct BareKernel: ~Copyable {
    public let engine: HashEngine
    private let states, blocks: UnsafeMutablePointer<UInt32>

    public init(engine: HashEngine) {
        self.engine = engine
        // The kernels read whole vectors, so both begin at their widest alignment.
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 4 * 24 * engine.lanes, alignment: 64)
        states = bytes.initializeMemory(as: UInt32.self, repeating: 0, count: 24 * engine.lanes)
        blocks = states + 8 * engine.lanes
    }

    deinit { UnsafeMutableRawPointer(states).deallocate() }

    /// Compresses each lane's block into its state, again and again.
    public func compress(times: Int) { engine.kernel.pointee.compress(states, blocks, times) }

    public func state(lane: Int, word: Int) -> UInt32 { states[index(lane, word, 8)] }
    public func setState(_ value: UInt32, lane: Int, word: Int) { states[index(lane, word, 8)] = value }
    public func setBlock(_ value: UInt32, lane: Int, word: Int) { blocks[index(lane, word, 16)] = value }

    private func index(_ lane: Int, _ word: Int, _ words: Int) -> Int {
        precondition((0..<engine.lanes).contains(lane) && (0..<words).contains(word))
        return engine.kernel.pointee.word_major ? word * engine.lanes + lane : lane * words + word
    }
}
