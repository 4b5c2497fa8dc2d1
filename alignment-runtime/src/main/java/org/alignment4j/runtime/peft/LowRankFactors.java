package org.alignment4j.runtime.peft;

/**
 * Singular value decomposition of a product of two thin matrices, without forming it: orthogonal
 * bases of both sides, then one-sided Jacobi rotations (Hestenes 1958) of the small matrix between
 * them. All in double.
 *
 * @param left {@code [out, k]}: left singular vectors times singular values, greatest first
 * @param right {@code [k, in]}: right singular vectors
 */
record LowRankFactors(double[][] left, double[][] right) {

  private static final int MAX_SWEEPS = 60;
  private static final double ORTHOGONAL = 1e-15;

  /**
   * The decomposition of {@code b·a} cut off after some singular values.
   *
   * @param b {@code [out, n]}
   * @param a {@code [n, in]}
   * @param rank how many singular values are kept; at least 1
   */
  static LowRankFactors of(double[][] b, double[][] a, int rank) {
    double[][] columns = transposed(b);
    double[][] rows = copy(a);
    double[][] first = orthonormalise(columns);
    double[][] second = orthonormalise(rows);
    // b = Q1ᵀ·R1 and a = R2ᵀ·Q2 with the bases as rows: b·a = Q1ᵀ·(R1·R2ᵀ)·Q2.
    double[][] core = product(first, transposed(second));
    double[][] rotated = transposed(core);
    double[][] v = identity(rotated.length);
    diagonalise(rotated, v);
    // Rows of `rotated` are now u·sigma in the first basis, rows of `v` the mates in the second.
    double[] sigma = new double[rotated.length];
    for (int i = 0; i < sigma.length; i++) {
      sigma[i] = Math.sqrt(dot(rotated[i], rotated[i]));
    }
    int[] order = descending(sigma);
    double[][] left = new double[b.length][rank];
    double[][] right = new double[rank][a[0].length];
    for (int k = 0; k < Math.min(rank, order.length); k++) {
      int s = order[k];
      for (int j = 0; j < columns.length; j++) {
        for (int o = 0; o < b.length; o++) {
          left[o][k] += rotated[s][j] * columns[j][o];
        }
      }
      for (int j = 0; j < rows.length; j++) {
        for (int i = 0; i < right[k].length; i++) {
          right[k][i] += v[s][j] * rows[j][i];
        }
      }
    }
    return new LowRankFactors(left, right);
  }

  /**
   * Makes rows orthonormal in place, twice over for accuracy; a row that depends on those before it
   * becomes zero.
   *
   * @return r with {@code old[j] = Σ_i r[i][j]·new[i]}
   */
  private static double[][] orthonormalise(double[][] rows) {
    int n = rows.length;
    double[][] r = new double[n][n];
    for (int j = 0; j < n; j++) {
      double before = Math.sqrt(dot(rows[j], rows[j]));
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < j; i++) {
          double part = dot(rows[i], rows[j]);
          r[i][j] += part;
          add(rows[j], -part, rows[i]);
        }
      }
      double length = Math.sqrt(dot(rows[j], rows[j]));
      if (length <= 1e-14 * before) {
        length = 0;
      }
      r[j][j] = length;
      for (int c = 0; c < rows[j].length; c++) {
        rows[j][c] = length == 0 ? 0 : rows[j][c] / length;
      }
    }
    return r;
  }

  /** Rotates pairs of rows until all are orthogonal, and the rows of {@code v} with them. */
  private static void diagonalise(double[][] rows, double[][] v) {
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      boolean rotated = false;
      for (int p = 0; p < rows.length; p++) {
        for (int q = p + 1; q < rows.length; q++) {
          double alpha = dot(rows[p], rows[p]);
          double beta = dot(rows[q], rows[q]);
          double gamma = dot(rows[p], rows[q]);
          if (Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(alpha * beta)) {
            continue;
          }
          rotated = true;
          double zeta = (beta - alpha) / (2 * gamma);
          double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
          double c = 1 / Math.sqrt(1 + t * t);
          rotate(rows[p], rows[q], c, c * t);
          rotate(v[p], v[q], c, c * t);
        }
      }
      if (!rotated) {
        return;
      }
    }
  }

  private static void rotate(double[] p, double[] q, double c, double s) {
    for (int i = 0; i < p.length; i++) {
      double old = p[i];
      p[i] = c * old - s * q[i];
      q[i] = s * old + c * q[i];
    }
  }

  private static int[] descending(double[] values) {
    return java.util.stream.IntStream.range(0, values.length)
        .boxed()
        .sorted((x, y) -> Double.compare(values[y], values[x]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static double[][] product(double[][] x, double[][] y) {
    double[][] z = new double[x.length][y[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < y.length; k++) {
        add(z[i], x[i][k], y[k]);
      }
    }
    return z;
  }

  private static double[][] transposed(double[][] x) {
    double[][] t = new double[x[0].length][x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[0].length; j++) {
        t[j][i] = x[i][j];
      }
    }
    return t;
  }

  private static double[][] copy(double[][] x) {
    double[][] y = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i].clone();
    }
    return y;
  }

  private static double[][] identity(int n) {
    double[][] x = new double[n][n];
    for (int i = 0; i < n; i++) {
      x[i][i] = 1;
    }
    return x;
  }
}
