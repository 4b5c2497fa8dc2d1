package org.alignment4j.rlhf.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges of adapters: what they do is merged, never their factors. */
class AdapterMergeTest extends SmallMembers {

  /** The average of adapters is that of what they do, not of their factors. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void soupOfAdaptersIsTheSoupOfMergedWeights(String family) {
    ConfigJson config = TestModels.config(family, 12, 8, 2, 16);
    try (DecoderModel start = TestModels.of(config, TestModels.weights(config, 0.4));
        DecoderModel a = adapted(start, Lora.rank(2), 1);
        DecoderModel b = adapted(start, Lora.rank(3).rankStabilised(), 2);
        DecoderModel wholeA = a.merged();
        DecoderModel wholeB = b.merged();
        DecoderModel soup =
            ModelMerge.soup().member("a", a, 0.3).member("b", b, 0.7).merge().model();
        DecoderModel whole =
            ModelMerge.soup().member("a", wholeA, 0.3).member("b", wholeB, 0.7).merge().model();
        DecoderModel added = soup.merged()) {
      assertThat(soup.adapter()).isNotNull();
      assertThat(soup.adapter().config().rank()).isEqualTo(5);
      assertThat(soup.weights().contentHash()).isEqualTo(start.weights().contentHash());
      assertClose(added.weights(), whole.weights(), 1e-6);
      assertThat(logProbs(soup)).isNotEqualTo(logProbs(start));
      assertThat(logProbs(soup)[1]).isCloseTo(logProbs(whole)[1], within(1e-4));
    }
  }

  @Test
  void adaptersAtVerticesWithTheBaseAndOfARank() {
    try (DecoderModel a = adapted(base, Lora.rank(2), 1);
        DecoderModel b = adapted(base, Lora.rank(2), 2)) {
      ModelMerge<DecoderModel> merge = ModelMerge.soup().member("a", a, 0.5).member("b", b, 0.5);
      try (DecoderModel vertex = merge.weights(1, 0).merge().model();
          DecoderModel half =
              ModelMerge.soup().member("a", a, 0.5).member("base", base, 0.5).merge().model();
          DecoderModel onlyBase =
              ModelMerge.soup().member("a", a, 0).member("base", base, 1).merge().model();
          DecoderModel exact = merge.merge().model();
          DecoderModel full = merge.adapterRank(4).merge().model();
          DecoderModel cut = merge.adapterRank(1).merge().model();
          DecoderModel wholeA = a.merged();
          DecoderModel wholeHalf = half.merged();
          DecoderModel wholeFull = full.merged();
          DecoderModel wholeExact = exact.merged()) {
        assertThat(vertex.id()).isEqualTo(a.id());
        assertThat(onlyBase.id()).isEqualTo(base.id());
        try (DecoderModel expected =
            ModelMerge.soup().member("a", wholeA, 0.5).member("x", base, 0.5).merge().model()) {
          assertClose(wholeHalf.weights(), expected.weights(), 1e-6);
        }
        assertClose(wholeFull.weights(), wholeExact.weights(), 1e-6);
        assertThat(cut.adapter().config().rank()).isEqualTo(1);
      }
    }
  }

  /** What adapters do is their task vector: the base need not be given. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void methodsOnTaskVectorsOfAdapters(boolean decomposed) {
    LoraConfig config = decomposed ? Lora.rank(2).weightDecomposed() : Lora.rank(2);
    List<MergeMethod> methods =
        List.of(MergeMethod.average(), MergeMethod.taskArithmetic(), MergeMethod.ties(0.5));
    try (DecoderModel a = adapted(base, config, 1);
        DecoderModel b = adapted(base, config, 2);
        DecoderModel wholeA = a.merged();
        DecoderModel wholeB = b.merged()) {
      for (MergeMethod method : methods) {
        try (DecoderModel merged =
                ModelMerge.of(method).member("a", a, 0.4).member("b", b, 0.6).merge().model();
            DecoderModel added = merged.merged();
            DecoderModel whole =
                ModelMerge.of(method)
                    .base(base)
                    .member("a", wholeA, 0.4)
                    .member("b", wholeB, 0.6)
                    .merge()
                    .model()) {
          assertThat(merged.adapter() != null).isEqualTo(method.linear() && !decomposed);
          assertClose(added.weights(), whole.weights(), 1e-6);
        }
      }
    }
  }

  @Test
  void adaptersOverQuantisedWeightsStayAdapters() {
    ConfigJson config = TestModels.config("llama", 12, 32, 1, 16);
    try (DecoderModel wide = TestModels.of(config, TestModels.weights(config, 0.4));
        DecoderModel few = wide.quantised(Quantisation.int8(32));
        DecoderModel a = adapted(few, Lora.rank(2), 1);
        DecoderModel b = adapted(few, Lora.rank(2), 2);
        DecoderModel soup =
            ModelMerge.soup().member("a", a, 0.5).member("b", b, 0.5).merge().model()) {
      assertThat(soup.weights().quantised()).isNotEmpty();
      assertThat(soup.adapter()).isNotNull();
      assertThatThrownBy(
              () -> ModelMerge.soup().member("few", few, 0.5).member("wide", wide, 0.5).merge())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("those of 'few' are quantised");
      assertThatThrownBy(
              () ->
                  ModelMerge.of(MergeMethod.ties(0.5))
                      .member("a", a, 0.5)
                      .member("b", b, 0.5)
                      .merge())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("are quantised; merge the float32 model or dequantised()");
    }
  }
}
