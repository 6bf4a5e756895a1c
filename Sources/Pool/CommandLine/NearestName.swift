/// The name somebody probably meant.
enum NearestName {
    /// The one of `names` that is nearest to `typed`; nil when none is near enough to be worth a question.
    static func find(_ typed: String, among names: some Sequence<String>) -> String? {
        let limit = max(1, typed.count / 3)
        let scored = names.map { name in (name: name, distance: distance(typed.lowercased(), name.lowercased())) }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
            // A word that was cut short or drawn out: `conf` for `config`, `mainnet` for `main`.
            return names.first { name in
                let (typed, name) = (typed.lowercased(), name.lowercased())
                return min(typed.count, name.count) >= 3 && (name.hasPrefix(typed) || typed.hasPrefix(name))
            }
        }
        return best.name
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that make one text of the other (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        // A hostile name of a megabyte is nobody's typing error.
        let left = Array(left.utf8.prefix(64))
        let right = Array(right.utf8.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let substitution = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(last[column + 1] + 1, current[column] + 1, substitution)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
