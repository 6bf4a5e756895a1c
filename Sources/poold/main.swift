import Glibc
import Pool

let program = PooldProgram(
    dev: { @Sendable _ in
        Console.complain("poold dev is not in this build yet")
        return .failure
    },
    run: { @Sendable _ in
        Console.complain("poold run is not in this build yet")
        return .failure
    }
)
exit(await program.main(Array(CommandLine.arguments.dropFirst())).rawValue)
