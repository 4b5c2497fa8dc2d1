package org.alignment4j.oversight.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.PlainJson;
import org.jspecify.annotations.Nullable;

/**
 * Answers of one role that are no completions: what the store holds is not asked for, what is newly
 * asked is booked before it starts and kept once it is there.
 *
 * @param calls where answers are kept and booked
 * @param role who answers
 * @param kind names requests of this kind in keys
 * @param field names the answer in what is kept
 * @param plain a request as plain values, by which it is known
 * @param encode an answer as plain values
 * @param decode the answer of plain values
 * @param usage what an answer cost
 */
record AnswerMemory<Q, A>(
    RecordedCalls calls,
    String role,
    String kind,
    String field,
    Function<Q, Map<String, Object>> plain,
    Function<A, Map<String, @Nullable Object>> encode,
    Function<Map<String, @Nullable Object>, A> decode,
    Function<A, Usage> usage) {

  /** Returns one answer for each request, in order; what is missing is asked for together. */
  List<A> answers(List<? extends Q> requests, Function<List<Q>, List<A>> model) {
    List<Optional<A>> known = new ArrayList<>();
    List<Q> missing = new ArrayList<>();
    for (Q request : requests) {
      Optional<A> answer = recall(request);
      known.add(answer);
      if (answer.isEmpty()) {
        missing.add(request);
      } else {
        calls.countKnown();
      }
    }
    List<A> fresh = missing.isEmpty() ? List.of() : ask(missing, model);
    List<A> answers = new ArrayList<>();
    int next = 0;
    for (Optional<A> answer : known) {
      if (answer.isPresent()) {
        answers.add(answer.get());
      } else {
        answers.add(keep(missing.get(next), fresh.get(next)));
        next++;
      }
    }
    return List.copyOf(answers);
  }

  private List<A> ask(List<Q> missing, Function<List<Q>, List<A>> model) {
    Booking booking = new Booking(calls, role, missing.size());
    try {
      List<A> fresh = model.apply(missing);
      fresh.forEach(answer -> booking.answered(usage.apply(answer)));
      return fresh;
    } finally {
      booking.restFailed();
    }
  }

  private Optional<A> recall(Q request) {
    return calls
        .store()
        .get(key(request))
        .map(call -> decode.apply(CompletionMemory.part(call, field)));
  }

  private A keep(Q request, A answer) {
    Map<String, @Nullable Object> call = new LinkedHashMap<>();
    call.put("role", role);
    call.put("request", plain.apply(request));
    call.put(field, encode.apply(answer));
    call.put("seconds", CompletionMemory.seconds(usage.apply(answer)));
    call.put("cost", calls.price(role, usage.apply(answer)));
    return calls.store().put(key(request), call) ? answer : recall(request).orElse(answer);
  }

  private ContentHash key(Q request) {
    return PlainJson.key(Map.of("role", role, kind, plain.apply(request)));
  }
}
