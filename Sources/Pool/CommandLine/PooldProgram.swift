/// `poold` from its arguments to its exit code; the two commands that run a pool are handed in.
public struct PooldProgram: Sendable {
    /// Runs the pool with its own chains until it is done.
    public var dev: @Sendable (DevOptions) async -> ExitCode
    /// Runs a pool, by the configuration read from a path, until it is stopped.
    public var run: @Sendable (PoolConfiguration, String) async -> ExitCode

    public init(
        dev: @escaping @Sendable (DevOptions) async -> ExitCode,
        run: @escaping @Sendable (PoolConfiguration, String) async -> ExitCode
    ) {
        self.dev = dev
        self.run = run
    }

    /// - Parameter arguments: those behind the program's name.
    public func main(_ arguments: [String]) async -> ExitCode {
        do {
            switch try PooldCommand.parse(arguments) {
            case .dev(let options): return await dev(options)
            case .run(let path): return await run(try PoolConfiguration(contentsOf: path), path)
            case .check(let path): return try await Doctor.main(path)
            case .config(let asGuide): Console.write(asGuide ? ConfigurationGuide.text : ConfigurationExample.text)
            case .version: Console.line("poold \(Motherlode.version)")
            case .help(let text): Console.write(text)
            }
            return .done
        } catch let error as UsageError {
            Console.complain("poold: \(error)")
        } catch {
            Console.complain("\(error)")
        }
        return .unusable
    }
}
