import Glibc
import Pool

exit(await PoolctlProgram().main(Array(CommandLine.arguments.dropFirst())).rawValue)
