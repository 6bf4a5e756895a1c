import Glibc
import Testing

@testable import Pool

/// Which program may go on.
@Suite struct NewProgramTests {
    @Test func theRunningOneMay() throws {
        #expect(try NewProgram.path(nil).hasPrefix("/"))
        #expect(try NewProgram.path("/bin/true") == "/bin/true")
    }

    /// Were it to end, the kernel would end its successor with it.
    @Test func aContainersFirstProcessStays() {
        let error = #expect(throws: UpgradeFailure.self) { try NewProgram.path("/bin/true", after: 1) }
        #expect(error?.description.contains("replace the container") == true)
    }

    @Test func othersMayNot() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/poold"
        #expect(throws: UpgradeFailure.self) { try NewProgram.path(path) }
        try DurableFile.replace(path, with: Array("#!/bin/sh\n".utf8))
        #expect(throws: UpgradeFailure.self) { try NewProgram.path(path) }
        chmod(path, 0o777)
        #expect(throws: UpgradeFailure.self) { try NewProgram.path(path) }
        chmod(path, 0o755)
        #expect(try NewProgram.path(path) == path)
    }
}
