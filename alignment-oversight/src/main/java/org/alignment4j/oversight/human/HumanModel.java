package org.alignment4j.oversight.human;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.FormedModel;

/** See {@link HumanOverseer#asModel}. */
final class HumanModel implements FormedModel {
  private final HumanOverseer person;

  HumanModel(HumanOverseer person) {
    this.person = Objects.requireNonNull(person, "person");
  }

  @Override
  public String id() {
    return "person";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return write(
        prompts, Collections.nCopies(prompts.size(), Optional.empty()), options, cancellation);
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts,
      List<? extends ReplyParser<?>> forms,
      SamplingOptions options,
      CancellationToken cancellation) {
    if (prompts.size() != forms.size()) {
      throw new IllegalArgumentException(
          "there must be one form for each of "
              + prompts.size()
              + " prompts but there are "
              + forms.size());
    }
    List<Optional<ReplyParser<?>>> asked = new ArrayList<>();
    forms.forEach(form -> asked.add(Optional.of(form)));
    return write(prompts, asked, options, cancellation);
  }

  private List<Completion> write(
      List<? extends Prompt> prompts,
      List<Optional<ReplyParser<?>>> forms,
      SamplingOptions options,
      CancellationToken cancellation) {
    List<ReplyRequest> requests = new ArrayList<>();
    Map<Prompt, Integer> occurrences = new HashMap<>();
    for (int i = 0; i < forms.size(); i++) {
      int occurrence = occurrences.merge(prompts.get(i), 1, Integer::sum) - 1;
      String draw = options.isGreedy() ? "" : options.seed().orElse(0) + "/" + occurrence;
      requests.add(new ReplyRequest(prompts.get(i), draw, forms.get(i)));
    }
    person.expect(List.copyOf(requests));
    Map<String, Completion> known = new HashMap<>();
    List<Completion> replies = new ArrayList<>();
    for (ReplyRequest request : requests) {
      String key = PlainJson.canonical(HumanRequests.reply(request));
      Completion reply = known.get(key);
      if (reply == null) {
        reply = Completion.of(person.reply(request, cancellation), FinishReason.EOS, Usage.NONE);
        known.put(key, reply);
      }
      replies.add(reply);
    }
    return List.copyOf(replies);
  }
}
