package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alignment4j.rlhf.Critic;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.selection.Selection;
import org.alignment4j.runtime.train.Lora;

/** The methods that are compared, with the settings that suit the pocket model. */
final class Methods {

  private static final double BETA = 0.1;
  static final double RATE = 3e-4;
  static final double POLICY_RATE = 5e-4;
  static final int GROUP = 4;

  /** One completion to each prompt, in larger steps and two passes over the prompts. */
  static final Tuning SINGLES = new Tuning(POLICY_RATE, 32, 2);

  private Methods() {}

  /** One of each family. */
  static List<AlignmentMethod> standard() {
    return List.of(
        new SftMethod(),
        new PairMethod(
            "DPO", "Rafailov et al. 2023, arXiv 2305.18290", PreferenceLoss.dpo(BETA), RATE),
        new PairMethod("IPO", "Azar et al. 2023, arXiv 2310.12036", PreferenceLoss.ipo(BETA), RATE),
        new LabelMethod(
            "KTO", "Ethayarajh et al. 2024, arXiv 2402.01306", UnpairedLoss.kto(BETA), RATE),
        new PairMethod(
            "ORPO", "Hong et al. 2024, arXiv 2403.07691", ReferenceFreeLosses.orpo(BETA), RATE),
        new PairMethod(
            "SimPO", "Meng et al. 2024, arXiv 2405.14734", ReferenceFreeLosses.simPo(2, 1), RATE),
        new RankingMethod("RRHF", "Yuan et al. 2023, arXiv 2304.05302", RankingLoss.rrhf(), RATE),
        new RaftMethod(
            "RAFT", "Dong et al. 2023, arXiv 2304.06767", RATE, Selection.bestPerPrompt()),
        new PolicyGradientMethod(
            "RLOO",
            "Ahmadian et al. 2024, arXiv 2402.14740",
            PolicyMethod.rloo(),
            Tuning.of(POLICY_RATE),
            null),
        new PolicyGradientMethod(
            "GRPO",
            "Shao et al. 2024, arXiv 2402.03300",
            PolicyMethod.grpo().withGroupSize(GROUP),
            Tuning.of(POLICY_RATE),
            null),
        new PolicyGradientMethod(
            "PPO",
            "Schulman et al. 2017, arXiv 1707.06347; Ouyang et al. 2022, arXiv 2203.02155",
            PolicyMethod.ppo(),
            SINGLES,
            Critic.standard().adapter(Lora.rank(Tuning.RANK)).learningRate(1e-3)),
        new HindsightMethod(1e-3));
  }

  /** Every method. */
  static List<AlignmentMethod> all() {
    List<AlignmentMethod> all = new ArrayList<>(standard());
    all.addAll(AllMethods.ofPairs());
    all.addAll(AllMethods.ofAnswers());
    all.addAll(AllMethods.ofRatings());
    all.addAll(AllMethods.ofSamples());
    return all;
  }

  /**
   * Methods by name, in any case.
   *
   * @throws IllegalArgumentException when there is none of a name
   */
  static List<AlignmentMethod> named(List<String> names) {
    List<AlignmentMethod> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          all().stream()
              .filter(m -> m.name().equalsIgnoreCase(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "methods must be among %s but one was '%s'"
                              .formatted(
                                  all().stream()
                                      .map(AlignmentMethod::name)
                                      .collect(Collectors.joining(", ")),
                                  name))));
    }
    return chosen;
  }

  /** A name as a folder. */
  static String folder(AlignmentMethod method) {
    return method.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
