/// What a miner may wish for in its password: words like `d=1024,md=512`; unknown ones (`x`, `th=…`) mean nothing.
///
/// Rental markets relay nothing but host, user and password, so this is their only way to steer.
struct Password: Equatable {
    /// `d=` or `diff=`: the difficulty to start from.
    var difficulty: Double?
    /// `md=`: never easier than this.
    var minimum: Double?

    init(_ text: String) {
        for word in text.prefix(256).split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " }) {
            guard let mark = word.firstIndex(of: "=") else { continue }
            guard let number = Double(word[word.index(after: mark)...]), number.isFinite, number > 0 else { continue }
            switch word[..<mark].lowercased() {
            case "d", "diff": difficulty = number
            case "md": minimum = number
            default: break
            }
        }
    }
}
