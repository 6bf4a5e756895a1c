// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled under the same rules: Swift 6 mode, explicit existentials, imports private unless said otherwise.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

/// The kernels are what is measured and what tests exercise at full width, so they are optimised in debug builds too.
let kernels: [CSetting] = [.unsafeFlags(["-O3", "-fno-strict-aliasing"])]

let package = Package(
    name: "motherlode",
    products: [
        .executable(name: "poold", targets: ["poold"]),
        .executable(name: "poolctl", targets: ["poolctl"]),
        .executable(name: "poolbench", targets: ["poolbench"]),
        // Preloaded into a pool by `poolbench chaos`.
        .library(name: "chaosshim", type: .dynamic, targets: ["ChaosShim"]),
    ],
    targets: [
        // Debian's C libraries.
        // No pkgConfig: Debian's libcurl.pc names Kerberos include paths that SwiftPM warns about and nothing here needs.
        .systemLibrary(name: "CCurl", path: "Sources/System/CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CMicroHTTPD",
            path: "Sources/System/CMicroHTTPD",
            pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]
        ),
        .systemLibrary(name: "CZeroMQ", path: "Sources/System/CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .systemLibrary(name: "CSQLite", path: "Sources/System/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgreSQL", path: "Sources/System/CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        // For tests only: what our own reader is held against.
        .systemLibrary(name: "CJansson", path: "Sources/System/CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CZstandard", path: "Sources/System/CZstandard", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "COpenSSL", path: "Sources/System/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        // What a pool is made of, lowest first.
        .target(name: "CHashing", cSettings: kernels),
        .target(name: "Hashing", dependencies: ["CHashing"], swiftSettings: house),
        .target(name: "JSON", swiftSettings: house),
        .target(name: "HTTP", dependencies: ["CCurl", "CMicroHTTPD"], swiftSettings: house),
        .target(name: "Bitcoin", dependencies: ["Hashing", "JSON", "HTTP", "CZeroMQ", "COpenSSL"], swiftSettings: house),
        .target(name: "MergeMining", dependencies: ["Hashing", "Bitcoin", "JSON", "HTTP", "COpenSSL"], swiftSettings: house),
        .target(name: "CLinux"),
        .target(name: "Stratum", dependencies: ["Hashing", "Bitcoin", "JSON", "CLinux", "COpenSSL"], swiftSettings: house),
        .target(name: "Accounting", dependencies: ["Hashing", "CSQLite", "CPostgreSQL", "CZstandard"], swiftSettings: house),
        .target(name: "Embedded", dependencies: ["Hashing", "Bitcoin", "MergeMining", "JSON", "HTTP", "CLinux"], swiftSettings: house),
        .target(
            name: "Pool",
            dependencies: ["Hashing", "Bitcoin", "MergeMining", "Stratum", "Accounting", "Embedded", "JSON", "HTTP", "CLinux"],
            resources: [.embedInCode("Admin/Dashboard/Page")],
            swiftSettings: house
        ),
        .executableTarget(name: "poold", dependencies: ["Pool"], swiftSettings: house),
        .executableTarget(name: "poolctl", dependencies: ["Pool"], swiftSettings: house),
        .executableTarget(
            name: "poolbench",
            dependencies: [
                "Hashing", "Bitcoin", "MergeMining", "Stratum", "Accounting", "Embedded", "Pool", "JSON", "HTTP", "COpenSSL", "CZeroMQ", "CLinux",
                "CCounting", "CChaos",
            ],
            path: "Benchmarks/poolbench",
            swiftSettings: house
        ),

        .target(name: "CCounting", path: "Benchmarks/CCounting"),
        .target(name: "CChaos", path: "Benchmarks/CChaos"),
        .target(name: "ChaosShim", path: "Benchmarks/ChaosShim", linkerSettings: [.linkedLibrary("dl")]),

        // Tests mirror Sources.
        .target(name: "Randomness", path: "Tests/Randomness", swiftSettings: house),
        .target(name: "Certificates", dependencies: ["COpenSSL"], path: "Tests/Certificates", swiftSettings: house),
        .testTarget(name: "HashingTests", dependencies: ["Randomness", "Hashing", "CHashing", "COpenSSL"], swiftSettings: house),
        .testTarget(name: "JSONTests", dependencies: ["Randomness", "JSON", "CJansson"], swiftSettings: house),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: house),
        .testTarget(
            name: "BitcoinTests",
            dependencies: ["Randomness", "RealNodes", "Bitcoin", "Hashing", "JSON", "HTTP", "CZeroMQ"],
            swiftSettings: house
        ),
        .testTarget(
            name: "MergeMiningTests",
            dependencies: ["Randomness", "RealNodes", "MergeMining", "Bitcoin", "Hashing", "JSON", "HTTP"],
            swiftSettings: house
        ),
        .testTarget(
            name: "StratumTests",
            dependencies: ["Randomness", "Certificates", "Stratum", "Hashing", "Bitcoin", "JSON", "CLinux", "COpenSSL", "CCounting"],
            swiftSettings: house
        ),
        .testTarget(name: "AccountingTests", dependencies: ["Randomness", "Accounting", "ledgertorture", "LocalPostgreSQL"], swiftSettings: house),
        .executableTarget(
            name: "ledgertorture",
            dependencies: ["Randomness", "Accounting", "PowerCut"],
            path: "Tests/LedgerTorture",
            swiftSettings: house
        ),
        .target(name: "PowerCut", path: "Tests/PowerCut"),
        .target(name: "LocalPostgreSQL", path: "Tests/LocalPostgreSQL", swiftSettings: house),
        .testTarget(
            name: "SystemTests",
            dependencies: [
                "poold", "poolctl", "poolbench", "LocalPostgreSQL", "Accounting", "Embedded", "Bitcoin", "Hashing", "HTTP", "JSON", "CLinux",
            ],
            swiftSettings: house
        ),
        .target(name: "RealNodes", dependencies: ["Bitcoin", "HTTP"], path: "Tests/RealNodes", swiftSettings: house),
        .testTarget(
            name: "EmbeddedTests",
            dependencies: ["RealNodes", "Embedded", "Bitcoin", "MergeMining", "Hashing", "JSON", "HTTP"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PoolTests",
            dependencies: [
                "Randomness", "RealNodes", "Certificates", "Pool", "Stratum", "Bitcoin", "Hashing", "Accounting", "Embedded", "MergeMining",
                "JSON", "HTTP",
            ],
            swiftSettings: house
        ),
    ],
    swiftLanguageModes: [.v6]
)

// `FUZZ=1` compiles everything with libFuzzer's coverage and the address sanitizer, and adds the program that is fuzzed: see Tests/Fuzz/fuzz.sh.
if Context.environment["FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "motherlode-fuzz",
            dependencies: ["Hashing", "Bitcoin", "MergeMining", "Stratum", "Accounting", "Pool", "JSON", "HTTP"],
            path: "Tests/Fuzz",
            exclude: ["seeds", "fuzz.sh"],
            swiftSettings: house,
            // The toolchain's gold linker dies of the fuzzer's sections.
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
        )
    )
    for target in package.targets {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]))
        target.cSettings?.append(.unsafeFlags(["-fsanitize=fuzzer-no-link,address"]))
    }
}
