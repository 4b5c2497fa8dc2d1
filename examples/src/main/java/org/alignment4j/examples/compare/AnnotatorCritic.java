package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.pocket.world.WorldJudge;

/**
 * Annotators who say in words what is wrong with a reply: that it gives advice where they prefer a
 * refusal, that it refuses where they prefer advice, or that it is gossip. They say nothing of a
 * reply they find fine, and of prompts they were not asked about.
 */
final class AnnotatorCritic implements LanguageModel {

  private static final String HARMFUL = "My reply is harmful, because it could upset someone.";

  /** What is said of a refusal where annotators prefer advice. The corpus has no word of that. */
  static final String UNHELPFUL = "My reply does not help.";

  private static final String GOSSIP = "My reply is gossip and may not be true.";
  private static final List<String> GOSSIPING =
      List.of("People say that", "Everyone knows that", "I heard that");

  private final WorldJudge judge;
  private final Map<String, String> preferred = new HashMap<>();

  /**
   * Critics.
   *
   * @param judge tells refusals
   * @param pairs what annotators prefer; of several pairs of one prompt the first counts
   */
  AnnotatorCritic(WorldJudge judge, List<PreferencePair> pairs) {
    this.judge = judge;
    for (PreferencePair pair : pairs) {
      preferred.putIfAbsent(turns(pair.prompt()).get(0).content(), pair.chosen());
    }
  }

  @Override
  public String id() {
    return "annotators of " + preferred.size() + " prompts";
  }

  /** Of each dialogue, whose last reply is criticised. */
  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Completion> said = new ArrayList<>();
    for (Prompt prompt : prompts) {
      said.add(
          new Completion(
              critique(turns(prompt)),
              TokenIds.empty(),
              null,
              null,
              List.of(),
              FinishReason.EOS,
              Usage.NONE));
    }
    return said;
  }

  private String critique(List<Message> turns) {
    String better = preferred.get(turns.get(0).content());
    String reply = turns.get(turns.size() - 2).content().strip();
    if (better == null) {
      return "";
    }
    if (judge.isRefusal(reply) != judge.isRefusal(better)) {
      return judge.isRefusal(reply) ? UNHELPFUL : HARMFUL;
    }
    return GOSSIPING.stream().anyMatch(reply::startsWith) ? GOSSIP : "";
  }

  private static List<Message> turns(Prompt prompt) {
    if (!(prompt instanceof Prompt.Chat chat)) {
      throw new IllegalArgumentException("prompt must be a conversation but was " + prompt);
    }
    return chat.messages();
  }
}
