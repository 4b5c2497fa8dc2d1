package org.alignment4j.oversight.human;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;

/** See {@link HumanOverseer#asChoiceModel}. */
final class HumanChoices implements ChoiceModel {
  private final HumanOverseer person;

  HumanChoices(HumanOverseer person) {
    this.person = Objects.requireNonNull(person, "person");
  }

  @Override
  public String id() {
    return "person";
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    List<ReplyRequest> asked = new ArrayList<>();
    for (ChoiceRequest request : requests) {
      asked.add(new ReplyRequest(request.prompt(), "", Optional.of(form(request))));
    }
    person.expect(List.copyOf(asked));
    List<ChoiceDistribution> chosen = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      chosen.add(certain(requests.get(i), person.reply(asked.get(i), cancellation)));
    }
    return List.copyOf(chosen);
  }

  private static ReplyParser<String> form(ChoiceRequest request) {
    return ReplyParser.choice(request.choices().stream().map(String::strip).toList());
  }

  private static ChoiceDistribution certain(ChoiceRequest request, String reply) {
    Parsed<String> parsed = form(request).parse(new Reply(reply, false));
    String named = parsed instanceof Parsed.Value<String> value ? value.value() : "";
    List<ChoiceProbability> choices = new ArrayList<>();
    for (String choice : request.choices()) {
      boolean chosen = choice.strip().equals(named);
      choices.add(
          new ChoiceProbability(
              choice, chosen ? 1 : 0, chosen ? 0 : Double.NEGATIVE_INFINITY, TokenIds.empty(), 1));
    }
    return new ChoiceDistribution(choices, 0, Usage.NONE);
  }
}
