package org.alignment4j.oversight.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.oversight.human.HumanOverseer;
import org.alignment4j.oversight.human.HumanRequests;
import org.alignment4j.oversight.human.ReplyRequest;
import org.jspecify.annotations.Nullable;

/**
 * A person whose answers under a role are kept, each as it is given. Equal requests are asked once,
 * also when they come at the same time. A verdict that is none is not kept.
 */
final class RecordedPerson implements HumanOverseer {
  private static final String ANSWER = "answer";
  private static final String TEXT = "text";

  private final RecordedCalls calls;
  private final String role;
  private final HumanOverseer person;
  private final Map<ContentHash, Object> underWay = new ConcurrentHashMap<>();

  RecordedPerson(RecordedCalls calls, String role, HumanOverseer person) {
    this.calls = calls;
    this.role = Objects.requireNonNull(role, "role");
    this.person = Objects.requireNonNull(person, "person");
    if (role.isBlank()) {
      throw new IllegalArgumentException("role must not be blank");
    }
  }

  @Override
  public Turn act(View view, OversightContext context) {
    return answer(
        HumanRequests.turn(view),
        new Form<>() {
          @Override
          public Turn ask() {
            return person.act(view, context);
          }

          @Override
          public Optional<Map<String, @Nullable Object>> encode(Turn turn) {
            return Optional.of(
                Map.of(TEXT, turn.visible(), "hidden", turn.hidden(), "valid", turn.valid()));
          }

          @Override
          public Turn decode(Map<String, @Nullable Object> fields) {
            boolean valid = Boolean.TRUE.equals(fields.get("valid"));
            return new Turn(
                view.role(),
                view.round(),
                text(fields, TEXT),
                text(fields, "hidden"),
                valid,
                1,
                Usage.NONE);
          }
        });
  }

  @Override
  public Verdict judge(View view, OversightContext context) {
    return answer(
        HumanRequests.verdict(view),
        new Form<>() {
          @Override
          public Verdict ask() {
            return person.judge(view, context);
          }

          @Override
          public Optional<Map<String, @Nullable Object>> encode(Verdict verdict) {
            return verdict instanceof Verdict.Decided decided
                ? Optional.of(
                    Map.of(
                        "choice", decided.choice(),
                        "probability", decided.probability(),
                        "reasons", decided.reasons()))
                : Optional.empty();
          }

          @Override
          public Verdict decode(Map<String, @Nullable Object> fields) {
            return new Verdict.Decided(
                text(fields, "choice"),
                Double.parseDouble(text(fields, "probability")),
                text(fields, "reasons"),
                Usage.NONE);
          }
        });
  }

  @Override
  public String reply(ReplyRequest request, CancellationToken cancellation) {
    return answer(
        HumanRequests.reply(request),
        new Form<>() {
          @Override
          public String ask() {
            return person.reply(request, cancellation);
          }

          @Override
          public Optional<Map<String, @Nullable Object>> encode(String reply) {
            return Optional.of(Map.of(TEXT, reply));
          }

          @Override
          public String decode(Map<String, @Nullable Object> fields) {
            return text(fields, TEXT);
          }
        });
  }

  @Override
  public void expect(List<ReplyRequest> requests) {
    List<ReplyRequest> unknown =
        requests.stream()
            .filter(request -> calls.store().get(key(HumanRequests.reply(request))).isEmpty())
            .toList();
    if (!unknown.isEmpty()) {
      person.expect(unknown);
    }
  }

  /** How one kind of answer is had and kept. */
  private interface Form<A> {
    A ask();

    /** Empty for what is not to be kept. */
    Optional<Map<String, @Nullable Object>> encode(A answer);

    A decode(Map<String, @Nullable Object> fields);
  }

  private <A> A answer(Map<String, Object> request, Form<A> form) {
    ContentHash key = key(request);
    synchronized (underWay.computeIfAbsent(key, unknown -> new Object())) {
      Optional<A> known =
          calls.store().get(key).map(call -> form.decode(CompletionMemory.part(call, ANSWER)));
      if (known.isPresent()) {
        calls.countKnown();
        return known.get();
      }
      A answer = form.ask();
      form.encode(answer)
          .ifPresent(
              fields -> {
                Map<String, @Nullable Object> call = new LinkedHashMap<>();
                call.put("role", role);
                call.put("person", request);
                call.put(ANSWER, fields);
                calls.store().put(key, call);
              });
      return answer;
    }
  }

  private ContentHash key(Map<String, Object> request) {
    return PlainJson.key(Map.of("role", role, "person", request));
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    return String.valueOf(fields.get(name));
  }
}
