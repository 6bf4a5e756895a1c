/// Why a pool could not start: one line that names the thing and the remedy.
struct StartFailure: Error, CustomStringConvertible, Sendable {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
