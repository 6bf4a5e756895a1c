import Testing

@testable import Pool

@Suite("Run numbers never return")
struct RunNumberTests {
    @Test("a clock set back does not repeat one, nor does a start in the same second")
    func grows() throws {
        let folder = try TemporaryFolder()
        let noon = UnixTime(milliseconds: 1_800_000_000_000)
        #expect(try RunNumber.next(in: folder.path, now: noon).value == 1_800_000_000)
        #expect(try RunNumber.next(in: folder.path, now: noon).value == 1_800_000_001)
        #expect(try RunNumber.next(in: folder.path, now: UnixTime(milliseconds: 0)).value == 1_800_000_002)
    }

    @Test("a lost data folder is covered by the clock")
    func lostFolder() throws {
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let first = try RunNumber.next(in: folders[0].path, now: UnixTime(milliseconds: 1_800_000_000_000))
        let second = try RunNumber.next(in: folders[1].path, now: UnixTime(milliseconds: 1_800_000_001_000))
        #expect(second.value > first.value)
    }

    @Test("a folder that is not there is an error with its name")
    func missing() {
        #expect(throws: FileError.self) { try RunNumber.next(in: "/nonexistent/motherlode") }
    }
}
