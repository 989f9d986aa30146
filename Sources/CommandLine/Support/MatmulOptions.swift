import ArgumentParser
import Tensor

/// How the matrix products of a model are computed.
struct MatmulOptions: ParsableArguments {
  @Option(
    help: """
      How matrix products are computed: exact, by this project's kernels, with the same bits \
      whatever else is computed with them; or blas, by OpenBLAS, equal up to rounding.
      """)
  var matmul: MatrixProductPath = .exact
}

extension MatrixProductPath: ExpressibleByArgument {}
