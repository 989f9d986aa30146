import Lookahead

/// A random number generator that repeats.
public typealias SeededGenerator = SplitMix64
