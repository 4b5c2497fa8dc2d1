package org.alignment4j.interp.feature.train;

import java.util.Objects;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.SaeActivation;
import org.alignment4j.interp.feature.SaeConfig;
import org.alignment4j.interp.feature.SaeSite;
import org.apiguardian.api.API;

/**
 * What is trained. Immutable; the text of a design is the same in every process.
 *
 * @param site what it reads and predicts
 * @param inputSize length of what it reads
 * @param outputSize length of what it predicts; the same for an autoencoder
 * @param width number of features
 * @param variant activation and loss
 * @param normalisation how activations are scaled; the loss is that of the scaled ones
 * @param skip whether a transcoder adds a linear map of its input
 * @param decoderNorm norm of decoder rows at the start, positive
 * @param constraint what the decoder's rows must be
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeDesign(
    SaeSite site,
    int inputSize,
    int outputSize,
    int width,
    SaeVariant variant,
    InputNormalisation normalisation,
    boolean skip,
    double decoderNorm,
    DecoderConstraint constraint) {
  private static final double USUAL_NORM = 0.1;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range or they do not fit together
   */
  public SaeDesign {
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(constraint, "constraint");
    Checks.positive("decoderNorm", decoderNorm);
    if (variant instanceof SaeVariant.Matryoshka nested) {
      int last = nested.widths().get(nested.widths().size() - 1);
      if (last != width) {
        throw new IllegalArgumentException(
            "the last of widths must be the width "
                + width
                + ", so that every feature is trained, but was "
                + last);
      }
    }
    inference(site, inputSize, outputSize, width, variant, normalisation, skip);
  }

  /**
   * Returns an autoencoder: inputs not scaled, decoder rows of norm 0.1 at the start and free; of
   * norm 1 throughout for gated ones, and under a TopK or BatchTopK that is not rescaled by them.
   *
   * @param site what it reads
   * @param size length of what it reads
   * @param width number of features
   * @param variant activation and loss
   * @return the design
   * @throws IllegalArgumentException when a value is out of range
   */
  public static SaeDesign autoencoder(SaeSite site, int size, int width, SaeVariant variant) {
    DecoderConstraint constraint = constraint(variant);
    return new SaeDesign(
        site,
        size,
        size,
        width,
        variant,
        InputNormalisation.NONE,
        false,
        constraint == DecoderConstraint.FREE ? USUAL_NORM : 1,
        constraint);
  }

  /**
   * Returns a transcoder, with the settings of {@link #autoencoder}.
   *
   * @param site what it reads and predicts
   * @param inputSize length of what it reads
   * @param outputSize length of what it predicts
   * @param width number of features
   * @param variant activation and loss
   * @param skip whether it adds a linear map of its input
   * @return the design
   * @throws IllegalArgumentException when a value is out of range or the site names no target
   */
  public static SaeDesign transcoder(
      SaeSite site, int inputSize, int outputSize, int width, SaeVariant variant, boolean skip) {
    if (site.target().isEmpty()) {
      throw new IllegalArgumentException("site of a transcoder must name a target but was " + site);
    }
    DecoderConstraint constraint = constraint(variant);
    return new SaeDesign(
        site,
        inputSize,
        outputSize,
        width,
        variant,
        InputNormalisation.NONE,
        skip,
        constraint == DecoderConstraint.FREE ? USUAL_NORM : 1,
        constraint);
  }

  /** Of norm 1 where nothing in the loss holds the norms. */
  private static DecoderConstraint constraint(SaeVariant variant) {
    boolean held = true;
    if (variant instanceof SaeVariant.Gated) {
      held = false;
    } else if (variant instanceof SaeVariant.TopK topK) {
      held = topK.rescaledByDecoderNorm();
    } else if (variant instanceof SaeVariant.BatchTopK batch) {
      held = batch.rescaledByDecoderNorm();
    } else if (variant instanceof SaeVariant.Matryoshka nested) {
      held = nested.selection().rescaledByDecoderNorm();
    }
    return held ? DecoderConstraint.FREE : DecoderConstraint.UNIT_NORM;
  }

  /**
   * Returns the same with another normalisation.
   *
   * @param other how activations are scaled
   * @return a new design
   * @throws IllegalArgumentException when a transcoder cannot have it
   */
  public SaeDesign normalisation(InputNormalisation other) {
    return new SaeDesign(
        site, inputSize, outputSize, width, variant, other, skip, decoderNorm, constraint);
  }

  /**
   * Returns the same with other rows of the decoder.
   *
   * @param norm their norm at the start
   * @param rule what they must be
   * @return a new design
   * @throws IllegalArgumentException when the norm is not positive
   */
  public SaeDesign decoder(double norm, DecoderConstraint rule) {
    return new SaeDesign(
        site, inputSize, outputSize, width, variant, normalisation, skip, norm, rule);
  }

  /** What is trained has the normalisation; its folded form does not. */
  SaeConfig inference() {
    return inference(site, inputSize, outputSize, width, variant, normalisation, skip);
  }

  boolean transcodes() {
    return site.target().isPresent();
  }

  private static SaeConfig inference(
      SaeSite site,
      int inputSize,
      int outputSize,
      int width,
      SaeVariant variant,
      InputNormalisation normalisation,
      boolean skip) {
    return new SaeConfig(
        inputSize,
        outputSize,
        width,
        activation(variant),
        normalisation,
        site.target().isEmpty(),
        skip,
        site);
  }

  private static SaeActivation activation(SaeVariant variant) {
    if (variant instanceof SaeVariant.Standard) {
      return new SaeActivation.Relu();
    }
    if (variant instanceof SaeVariant.Gated) {
      return new SaeActivation.Gated();
    }
    if (variant instanceof SaeVariant.TopK topK) {
      return new SaeActivation.TopK(topK.k(), topK.rescaledByDecoderNorm());
    }
    return new SaeActivation.JumpRelu();
  }
}
