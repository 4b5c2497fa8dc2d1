package org.alignment4j.rlhf.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges of whole models: bits, adapters, refusals. */
class ModelMergeTest extends SmallMembers {

  @Test
  void averagesEveryParameterOnce() {
    try (DecoderModel soup =
        ModelMerge.soup().member("one", one, 0.25).member("two", two, 0.75).merge().model()) {
      assertThat(soup.weights().names()).isEqualTo(base.weights().names());
      for (String name : base.weights().names()) {
        for (int i = 0; i < soup.weights().get(name).size(); i++) {
          double expected =
              0.25 * one.weights().get(name).data().get(i)
                  + 0.75 * two.weights().get(name).data().get(i);
          assertThat(soup.weights().get(name).data().get(i)).isEqualTo((float) expected);
        }
      }
      assertThat(logProbs(soup)).isNotEqualTo(logProbs(one)).isNotEqualTo(logProbs(two));
    }
  }

  @Test
  void verticesEqualMembersAndOrder() {
    ModelMerge<DecoderModel> merge =
        ModelMerge.soup().member("one", one, 0.5).member("two", two, 0.5);
    ModelMerge<DecoderModel> turned =
        ModelMerge.soup().member("two", two, 0.3).member("one", one, 0.7);
    try (DecoderModel vertex = merge.weights(0, 1).merge().model();
        DecoderModel same =
            ModelMerge.soup().member("a", one, 0.3).member("b", one, 0.7).merge().model();
        DecoderModel forth = merge.weights(0.7, 0.3).merge().model();
        DecoderModel back = turned.merge().model();
        DecoderModel slerp =
            ModelMerge.of(MergeMethod.slerp())
                .member("one", one, 1)
                .member("two", two, 0)
                .merge()
                .model()) {
      assertThat(vertex.id()).isEqualTo(two.id());
      assertThat(same.id()).isEqualTo(one.id());
      assertThat(forth.id()).isEqualTo(back.id()).isNotEqualTo(one.id());
      assertThat(slerp.id()).isEqualTo(one.id());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ties", "dare", "slerp"})
  void orderDoesNotMatter(String name) {
    MergeMethod method =
        switch (name) {
          case "ties" -> MergeMethod.ties(0.3, 0.8);
          case "dare" -> MergeMethod.dare(0.4, 7);
          default -> MergeMethod.slerp();
        };
    ModelMerge<DecoderModel> merge = ModelMerge.of(method).base(base);
    try (DecoderModel forth =
            merge.member("one", one, 0.4).member("two", two, 0.6).merge().model();
        DecoderModel back = merge.member("two", two, 0.6).member("one", one, 0.4).merge().model()) {
      assertThat(forth.id())
          .isEqualTo(back.id())
          .isNotEqualTo(one.id())
          .isNotEqualTo(two.id())
          .isNotEqualTo(base.id());
    }
  }

  @Test
  void taskArithmeticUnlearns() {
    try (DecoderModel merged =
        ModelMerge.of(MergeMethod.taskArithmetic())
            .base(base)
            .member("one", one, -0.5)
            .merge()
            .model()) {
      String name = base.weights().names().iterator().next();
      double b = base.weights().get(name).data().get(3);
      double o = one.weights().get(name).data().get(3);
      assertThat((double) merged.weights().get(name).data().get(3))
          .isCloseTo(b - 0.5 * (o - b), within(1e-7));
    }
  }

  @Test
  void provenanceNamesMembersWeightsAndMethod() {
    try (DecoderModel a = base.withoutAdapter()) {
      MergedModel<DecoderModel> merged =
          ModelMerge.of(MergeMethod.dare(0.5, 17))
              .base(a)
              .member("one", one, 0.25)
              .member("two", two, 0.75)
              .merge();
      try (DecoderModel model = merged.model()) {
        Provenance provenance = merged.provenance();
        assertThat(provenance.kind()).isEqualTo("model");
        assertThat(provenance.name()).isEqualTo("DARE (drop rate 0.5) of 0.25 one, 0.75 two");
        assertThat(provenance.hashes().get("content").toString()).isEqualTo(model.id());
        assertThat(provenance.hashes().get("one").toString()).isEqualTo(one.id());
        assertThat(provenance.seeds()).containsEntry("dare", 17L);
        assertThat(provenance.options()).containsEntry("weight.two", "0.75");
        assertThat(provenance.parents().stream().map(Provenance::name).collect(Collectors.toList()))
            .containsExactly("one", "two", "base");
      }
    }
  }

  @Test
  void refusals() {
    ConfigJson deeper = TestModels.config("llama", 12, 8, 3, 16);
    try (DecoderModel other = TestModels.of(deeper, TestModels.weights(deeper, 0.4));
        DecoderModel a = adapted(base, Lora.rank(2), 1);
        DecoderModel b = adapted(one, Lora.rank(2), 2)) {
      assertThatThrownBy(() -> ModelMerge.soup().merge())
          .hasMessage("a merge must have at least one member but has none");
      assertThatThrownBy(
              () -> ModelMerge.soup().member("one", one, 0.5).member("x", other, 0.5).merge())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "models to merge must have the same architecture but of 'one' and 'x' layers is 2"
                  + " and 3");
      assertThatThrownBy(() -> ModelMerge.soup().member("a", a, 0.5).member("b", b, 0.5).merge())
          .hasMessageStartingWith(
              "adapters to merge must be over the same weights but those of 'a' and 'b' differ");
      assertThatThrownBy(() -> ModelMerge.of(MergeMethod.ties(0.5)).member("one", one, 1).merge())
          .hasMessageContaining("needs the model that training began from; give it by base(...)");
      assertThatThrownBy(
              () -> ModelMerge.of(MergeMethod.taskArithmetic()).base(a).member("a", a, 1).merge())
          .hasMessageContaining("the base model must have no adapter");
      assertThatThrownBy(() -> ModelMerge.soup().member("a", a, 1).member("a", b, 0))
          .hasMessage("members must have different names but two are called 'a'");
      assertThatThrownBy(() -> ModelMerge.soup().member("a", a, 1).weights(0.5, 0.5))
          .hasMessage("weights must be one for each of 1 members but there are 2");
      assertThatThrownBy(
              () ->
                  ModelMerge.soup()
                      .member("one", one, 0.5)
                      .member("two", two, 0.5)
                      .adapterRank(2)
                      .merge())
          .hasMessageContaining("adapterRank is of a sum of adapters");
      Weights broken =
          one.weights()
              .with(
                  WeightTensor.of(
                      "model.norm.weight",
                      new long[] {8},
                      new float[] {1, 1, Float.NaN, 1, 1, 1, 1, 1}));
      try (DecoderModel nan = one.withWeights(broken)) {
        assertThatThrownBy(
                () -> ModelMerge.soup().member("nan", nan, 0.5).member("two", two, 0.5).merge())
            .hasMessageContaining("element 2 of 'model.norm.weight' was NaN");
      }
    }
  }

  @Test
  void rewardModelsAndTokenizers(@TempDir Path folder) {
    try (DecoderModel pocket = TestModels.pocket(folder)) {
      int width = pocket.architecture().config().embeddingSize();
      try (TrainedRewardModel first = reward(pocket, width, 1);
          TrainedRewardModel second = reward(pocket, width, 2);
          TrainedRewardModel mean =
              ModelMerge.ofRewardModels(MergeMethod.average())
                  .member("first", first, 0.5)
                  .member("second", second, 0.5)
                  .merge()
                  .model()) {
        List<PromptCompletion> answers =
            List.of(new PromptCompletion(Prompt.text("One day Tim saw"), " a ball."));
        // The decoders are the same, so that the score is linear in the heads.
        assertThat(mean.score(answers).get(0).value())
            .isCloseTo(
                (first.score(answers).get(0).value() + second.score(answers).get(0).value()) / 2,
                within(1e-4));
      }
    }
  }

  @Test
  void tokenizersThatDifferAreRefused(@TempDir Path folder) {
    ConfigJson config = TestModels.config("gpt2", 12, 8, 1, 16);
    try (DecoderModel pocket = TestModels.pocket(folder);
        DecoderModel mute =
            DecoderModel.of(
                ConfigJson.read(folder.resolve("config.json")),
                pocket.weights(),
                null,
                ModelOptions.defaults().device(DevicePolicy.CPU));
        DecoderModel other = TestModels.of(config, TestModels.weights(config, 0.4))) {
      assertThatThrownBy(
              () ->
                  ModelMerge.soup().member("pocket", pocket, 0.5).member("mute", mute, 0.5).merge())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "models to merge must have the same tokenizer but of 'pocket' and 'mute' one has"
                  + " none");
      assertThatThrownBy(
              () -> ModelMerge.soup().member("one", one, 0.5).member("other", other, 0.5).merge())
          .hasMessageContaining("modelType is llama and gpt2");
    }
  }

  private static TrainedRewardModel reward(DecoderModel model, int width, long seed) {
    Random random = new Random(seed);
    float[] head = new float[width];
    for (int i = 0; i < width; i++) {
      head[i] = (float) random.nextGaussian();
    }
    return TrainedRewardModel.of(
        SequenceClassifier.of(model, WeightTensor.of("head", new long[] {1, width}, head)));
  }
}
