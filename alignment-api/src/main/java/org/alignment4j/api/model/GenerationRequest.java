package org.alignment4j.api.model;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One sample of the answers to a prompt. Its random numbers follow from the options' seed, the
 * prompt's tokens and {@code sample} alone: the same request gives the same sample in every call,
 * and two samples of one prompt are independent.
 *
 * @param prompt what to continue
 * @param sample number of the sample, not negative
 * @param guidance what the sample is led away from, or null for plain sampling
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GenerationRequest(Prompt prompt, int sample, @Nullable Guidance guidance) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  public GenerationRequest {
    Objects.requireNonNull(prompt, "prompt");
    if (sample < 0) {
      throw new IllegalArgumentException("sample must not be negative but was " + sample);
    }
  }

  /**
   * Returns a request for the first sample.
   *
   * @param prompt what to continue
   * @return sample 0 without guidance
   */
  public static GenerationRequest of(Prompt prompt) {
    return new GenerationRequest(prompt, 0, null);
  }

  /**
   * Returns requests for several samples of one prompt.
   *
   * @param prompt what to continue
   * @param count how many, not negative
   * @return samples 0 to {@code count - 1}, without guidance
   * @throws IllegalArgumentException when the count is negative
   */
  public static List<GenerationRequest> samples(Prompt prompt, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative but was " + count);
    }
    return IntStream.range(0, count)
        .mapToObj(sample -> new GenerationRequest(prompt, sample, null))
        .toList();
  }

  /**
   * Returns this request with guidance.
   *
   * @param guidance what the sample is led away from
   * @return the guided request
   */
  public GenerationRequest with(Guidance guidance) {
    return new GenerationRequest(prompt, sample, guidance);
  }
}
