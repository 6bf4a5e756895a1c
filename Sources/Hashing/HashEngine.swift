internal import CHashing

/// One instruction set's kernels, on a machine that can run them.
public struct HashEngine: Sendable {
    /// `nonisolated(unsafe)` holds because it points to a constant of the program: never freed, never written.
    nonisolated(unsafe) let kernel: UnsafePointer<hashing_kernel>

    /// As `POOL_SHA256` spells it and as logs show it.
    public let name: String
    /// Messages that one call works on.
    public let lanes: Int

    init(kernel: UnsafePointer<hashing_kernel>) {
        self.kernel = kernel
        name = String(cString: kernel.pointee.name)
        lanes = Int(kernel.pointee.lanes)
    }

    /// What this CPU and its operating system can run, the widest first, the scalar one last.
    public static let available: [HashEngine] = {
        var count = 0
        guard let kernels = hashing_usable_kernels(&count) else { return [] }
        return UnsafeBufferPointer(start: kernels, count: count).compactMap { $0.map(HashEngine.init(kernel:)) }
    }()

    /// Plain C, on any machine.
    public static let scalar = available[available.count - 1]

    /// The compiler of the kernels, for figures.
    public static let compiler = String(cString: hashing_compiler())

    /// Every name that some machine knows.
    public static let knownNames = ["scalar", "sse4", "avx2", "avx512vl", "avx512", "shani", "arm", "neon"]

    /// The engine of that name.
    public static func named(_ name: String) throws(HashEngineError) -> HashEngine {
        if let engine = available.first(where: { $0.name == name }) { return engine }
        let names = available.map(\.name)
        throw knownNames.contains(name) ? .unusable(name: name, available: names) : .unknown(name: name, available: names)
    }
}

extension HashEngine: Hashable {
    public static func == (left: HashEngine, right: HashEngine) -> Bool { left.kernel == right.kernel }
    public func hash(into hasher: inout Hasher) { hasher.combine(kernel) }
}

extension HashEngine: CustomStringConvertible {
    public var description: String { name }
}

/// Why no engine could be picked.
public enum HashEngineError: Error, Hashable, Sendable {
    /// The override names no engine at all.
    case unknown(name: String, available: [String])
    /// The override names an engine whose instructions this machine lacks.
    case unusable(name: String, available: [String])
    /// The kernel computes something else than SHA-256: broken hardware or a broken build.
    case failedSelfTest(name: String)
}

extension HashEngineError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknown(let name, let available):
            "POOL_SHA256=\(name) names no hashing engine; this machine can run \(available.joined(separator: ", "))"
        case .unusable(let name, let available):
            "POOL_SHA256=\(name) needs instructions that this machine lacks; it can run \(available.joined(separator: ", "))"
        case .failedSelfTest(let name):
            "the hashing engine \(name) fails its self-test on this machine; name another one in POOL_SHA256"
        }
    }
}
