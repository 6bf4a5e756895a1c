import Hashing

@testable import Stratum

extension Session.Settings {
    static let test = Session.Settings(versionMask: 0x1fff_e000, offenceLimit: 8)
}
