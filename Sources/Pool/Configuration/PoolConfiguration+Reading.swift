import Glibc

extension PoolConfiguration {
    /// The longest configuration file that is read, in bytes.
    public static let largestFile = 1 << 20

    /// Reads and checks a configuration.
    ///
    /// - Parameter name: what messages call the source, usually the file's path.
    public init(json5 source: [UInt8], name: String) throws(ConfigurationError) {
        var walk = ConfigurationWalk(source: source)
        let node: JSON5Node
        do {
            node = try JSON5Parser.parse(source)
        } catch {
            walk.add(path: "", reason: error.reason, offset: error.offset)
            throw ConfigurationError(file: name, problems: walk.sorted)
        }
        guard let configuration = ConfigurationTable.root.read(node, at: "", &walk) else {
            throw ConfigurationError(file: name, problems: walk.sorted)
        }
        self = configuration
    }

    /// Reads and checks the configuration file at `path`.
    public init(contentsOf path: String) throws(ConfigurationError) {
        let source: [UInt8]
        do {
            source = try BoundedFile.read(path, limit: Self.largestFile)
        } catch {
            let problem = ConfigurationProblem(path: "", reason: "\(error.text); name a configuration file that can be read")
            throw ConfigurationError(file: path, problems: [problem])
        }
        try self.init(json5: source, name: path)
    }

    /// A copy whose paths are absolute, for a configuration made in code rather than read.
    public var resolved: PoolConfiguration {
        var copy = self
        ConfigurationTable.resolvePaths(&copy)
        return copy
    }
}
