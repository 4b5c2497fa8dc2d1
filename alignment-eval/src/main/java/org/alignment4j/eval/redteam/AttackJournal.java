package org.alignment4j.eval.redteam;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.DuplicatePolicy;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.SyncPolicy;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A file of finished outcomes and of the states of unfinished ones, filed by attack, options, model
 * and goal; several attacks may share it. A failed goal is not kept, so that it is tried again.
 * Thread-safe; one owner at a time has the file.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AttackJournal implements AutoCloseable {
  private static final OutcomeCodec CODEC = new OutcomeCodec();

  private final Journal journal;

  private AttackJournal(Journal journal) {
    this.journal = journal;
  }

  /**
   * Opens a file; created when missing.
   *
   * @throws org.alignment4j.api.RunFolderException when the file has another owner or is no journal
   *     of attacks
   * @throws org.alignment4j.api.DataFormatException when a line is damaged; names the line
   */
  public static AttackJournal open(Path path) {
    return new AttackJournal(
        Journal.open(
            path,
            Map.of("content", "attacks", "content-version", 1),
            DuplicatePolicy.REPLACE,
            SyncPolicy.EVERY_ENTRY));
  }

  Optional<AttackOutcome> outcome(Attack attack, String model, AttackGoal goal) {
    return journal.get(key("outcome", attack, model, goal)).map(CODEC::decode);
  }

  void put(Attack attack, String model, AttackGoal goal, AttackOutcome outcome) {
    journal.put(key("outcome", attack, model, goal), CODEC.encode(outcome));
  }

  AttackMemory memory(Attack attack, String model, AttackGoal goal) {
    ContentHash key = key("state", attack, model, goal);
    return new AttackMemory() {
      @Override
      public Optional<Map<String, @Nullable Object>> load() {
        return journal.get(key);
      }

      @Override
      public void save(Map<String, @Nullable Object> state) {
        journal.put(key, state);
      }
    };
  }

  private static ContentHash key(String what, Attack attack, String model, AttackGoal goal) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("what", what);
    key.put("attack", attack.name());
    key.put("options", attack.options());
    key.put("model", model);
    key.put("goal", goal.id());
    key.put("request", goal.request());
    key.put("target", goal.target());
    return PlainJson.key(key);
  }

  @Override
  public void close() {
    journal.close();
  }
}
