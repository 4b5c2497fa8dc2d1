package org.alignment4j.interp.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Autoencoders of random weights, and their functions in double. */
final class RandomSae {
  private RandomSae() {}

  static SaeConfig config(int size, int width, SaeActivation activation) {
    return config(size, width, activation, InputNormalisation.NONE, HookPoints.residPost(0));
  }

  static SaeConfig config(
      int size,
      int width,
      SaeActivation activation,
      InputNormalisation normalisation,
      HookPoint<?> point) {
    return new SaeConfig(
        size, size, width, activation, normalisation, true, false, SaeSite.of("m", point));
  }

  static SaeConfig transcoder(int in, int out, int width, SaeActivation activation, boolean skip) {
    return new SaeConfig(
        in,
        out,
        width,
        activation,
        InputNormalisation.NONE,
        false,
        skip,
        SaeSite.transcoder("m", HookPoints.mlpIn(0), HookPoints.mlpOut(0)));
  }

  static SparseAutoencoder of(SaeConfig config, long seed) {
    Random random = new Random(seed);
    Map<String, Values> tensors = new LinkedHashMap<>();
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              int size = 1;
              for (int length : shape) {
                size *= length;
              }
              float[] data = new float[size];
              for (int i = 0; i < size; i++) {
                data[i] = (float) (0.5 * random.nextGaussian());
                if (name.equals(SaeTensors.THRESHOLD)) {
                  data[i] = Math.abs(data[i]);
                }
              }
              tensors.put(name, Values.of(shape, data));
            });
    return SparseAutoencoder.of(config, tensors);
  }

  static INDArray rows(int n, int size, long seed) {
    Random random = new Random(seed);
    float[] data = new float[n * size];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (random.nextGaussian() + 0.3);
    }
    return Nd4j.createFromArray(data).reshape(n, size);
  }

  static double[] row(INDArray rows, int n) {
    double[] row = new double[(int) rows.size(1)];
    for (int i = 0; i < row.length; i++) {
      row[i] = rows.getFloat(n, i);
    }
    return row;
  }

  /** Features of one row by the definition. */
  static double[] features(SparseAutoencoder sae, double[] row) {
    SaeConfig config = sae.config();
    double[] x = normalised(config, row);
    double[] product = new double[config.width()];
    for (int j = 0; j < product.length; j++) {
      for (int i = 0; i < x.length; i++) {
        double centred = x[i] - (config.subtractsDecoderBias() ? sae.tensor("b_dec").get(i) : 0);
        product[j] += centred * sae.tensor("W_enc").get(i, j);
      }
    }
    double[] f = new double[product.length];
    double[] compared = new double[product.length];
    for (int j = 0; j < f.length; j++) {
      if (config.activation() instanceof SaeActivation.Gated) {
        double magnitude =
            product[j] * Math.exp(sae.tensor("r_mag").get(j)) + sae.tensor("b_mag").get(j);
        f[j] = product[j] + sae.tensor("b_gate").get(j) > 0 ? Math.max(magnitude, 0) : 0;
        continue;
      }
      double pre = product[j] + sae.tensor("b_enc").get(j);
      f[j] = Math.max(pre, 0);
      if (config.activation() instanceof SaeActivation.JumpRelu) {
        f[j] = pre > sae.tensor("threshold").get(j) ? f[j] : 0;
      }
      boolean rescaled =
          config.activation() instanceof SaeActivation.TopK topK && topK.rescaledByDecoderNorm();
      compared[j] = f[j] * (rescaled ? norm(sae, j) : 1);
    }
    if (config.activation() instanceof SaeActivation.TopK topK) {
      for (int j = 0; j < f.length; j++) {
        int better = 0;
        for (int other = 0; other < f.length; other++) {
          better +=
              compared[other] > compared[j] || (compared[other] == compared[j] && other < j)
                  ? 1
                  : 0;
        }
        f[j] = better < topK.k() ? compared[j] : 0;
      }
    }
    return f;
  }

  /** The prediction of one row by the definition. */
  static double[] prediction(SparseAutoencoder sae, double[] f, double[] row) {
    SaeConfig config = sae.config();
    double[] out = new double[config.outputSize()];
    boolean rescaled =
        config.activation() instanceof SaeActivation.TopK topK && topK.rescaledByDecoderNorm();
    for (int i = 0; i < out.length; i++) {
      out[i] = sae.tensor("b_dec").get(i);
      for (int j = 0; j < f.length; j++) {
        out[i] += f[j] / (rescaled ? norm(sae, j) : 1) * sae.tensor("W_dec").get(j, i);
      }
    }
    double[] scale = scale(config, row);
    for (int i = 0; i < out.length; i++) {
      out[i] = out[i] * scale[1] + scale[0];
      if (config.skip()) {
        for (int k = 0; k < row.length; k++) {
          out[i] += row[k] * sae.tensor("W_skip").get(i, k);
        }
      }
    }
    return out;
  }

  static double norm(SparseAutoencoder sae, int j) {
    double squares = 0;
    for (int i = 0; i < sae.config().outputSize(); i++) {
      squares += Math.pow(sae.tensor("W_dec").get(j, i), 2);
    }
    return Math.sqrt(squares);
  }

  static double[] normalised(SaeConfig config, double[] row) {
    double[] scale = scale(config, row);
    double[] x = row.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - scale[0]) / scale[1];
    }
    return x;
  }

  private static double[] scale(SaeConfig config, double[] row) {
    double squares = 0;
    double mean = 0;
    for (double value : row) {
      squares += value * value;
      mean += value / row.length;
    }
    return switch (config.normalisation()) {
      case CONSTANT_NORM_RESCALE -> new double[] {0, Math.sqrt(squares / row.length)};
      case LAYER_NORM -> {
        double deviation = 0;
        for (double value : row) {
          deviation += (value - mean) * (value - mean);
        }
        yield new double[] {mean, Math.sqrt(deviation / (row.length - 1)) + 1e-5};
      }
      default -> new double[] {0, 1};
    };
  }
}
