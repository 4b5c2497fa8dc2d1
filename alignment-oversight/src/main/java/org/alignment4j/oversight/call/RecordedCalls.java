package org.alignment4j.oversight.call;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.calls.PriceTable;
import org.alignment4j.core.calls.UsageLedger;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.RememberingModel;
import org.alignment4j.oversight.agent.FormedModel;
import org.alignment4j.oversight.human.HumanOverseer;
import org.apiguardian.api.API;

/**
 * Hands out models and people by role and keeps every call they make: role, model, prompt, options
 * with the seed, reply, tokens, latency and cost. What is known is not asked again, so a protocol
 * repeats from its journal without calling anyone, and a question that is tried again after a
 * failure pays for the failed call alone. The same request of two roles is two calls.
 *
 * <p>Each answer is booked and kept by itself, so that a process that was killed loses at most the
 * calls in flight. Of a {@link org.alignment4j.api.model.SamplingModel} answers are kept as it
 * hands them over: a local one computes those of a step together and loses them together. Another
 * model is asked for one prompt after the other, all samples of a prompt in one call; a model held
 * to given replies for all of a step in one call.
 *
 * <p>A budget covers all roles together and what is newly asked: calls that the journal holds are
 * free. When a limit is reached, nothing new is started and {@link BudgetExceededException} says
 * which; calls under way are finished and kept. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RecordedCalls implements AutoCloseable {
  private final CallStore store;
  private final PriceTable prices;
  private final UsageLedger ledger;
  private final Budget budget;
  private final LongSupplier nanos;
  private final long began;
  private final AtomicLong known = new AtomicLong();

  private RecordedCalls(CallStore store, Spending spending) {
    this.store = store;
    this.prices = spending.prices();
    this.ledger = new UsageLedger(spending.prices());
    this.budget = spending.budget();
    this.nanos = spending.nanos();
    this.began = nanos.getAsLong();
  }

  /**
   * What calls may cost.
   *
   * @param budget the limits over all roles
   * @param prices the user's prices
   * @param nanos a clock in nanoseconds, as of {@link CallClock#system}
   */
  public record Spending(Budget budget, PriceTable prices, LongSupplier nanos) {
    /** No limit, no prices, the system's clock. */
    public static final Spending FREE =
        new Spending(Budget.UNLIMITED, PriceTable.free(), CallClock.system()::nanoTime);

    /** Checks that nothing is missing. */
    public Spending {
      Objects.requireNonNull(budget, "budget");
      Objects.requireNonNull(prices, "prices");
      Objects.requireNonNull(nanos, "nanos");
    }

    /** Returns these settings with a budget. */
    public Spending withBudget(Budget limits) {
      return new Spending(limits, prices, nanos);
    }

    /** Returns these settings with prices. */
    public Spending withPrices(PriceTable table) {
      return new Spending(budget, table, nanos);
    }

    private void requirePrices() {
      if (budget.money().isPresent() && prices == PriceTable.FREE) {
        throw new IllegalArgumentException(
            "a budget of money needs prices, or it never ends anything, but its limit is "
                + budget.money().getAsDouble()
                + " and everything is free; give the prices of the models with withPrices(...)");
      }
    }
  }

  /** Returns calls that are kept as long as the process lives, without limits. */
  public static RecordedCalls inMemory() {
    return inMemory(Spending.FREE);
  }

  /**
   * Returns calls that are kept as long as the process lives.
   *
   * @throws IllegalArgumentException if money is limited and there are no prices
   */
  public static RecordedCalls inMemory(Spending spending) {
    spending.requirePrices();
    return new RecordedCalls(new CallStore.Memory(), spending);
  }

  /**
   * Opens a journal of calls without limits.
   *
   * @param file the journal; created with its folders when missing
   * @param configuration what the run is (protocol, data, seeds), as plain values; a file of
   *     another configuration is refused
   * @throws org.alignment4j.api.RunFolderException if the file has another owner or configuration,
   *     is no journal, or a newer version wrote it
   * @throws org.alignment4j.api.DataFormatException if a line is damaged; names the line. A last
   *     line that was cut short is removed
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public static RecordedCalls open(Path file, Map<String, ?> configuration) {
    return open(file, configuration, Spending.FREE);
  }

  /**
   * Opens a journal of calls; see {@link #open(Path, Map)}.
   *
   * @param spending what calls may cost
   * @throws IllegalArgumentException if money is limited and there are no prices
   */
  public static RecordedCalls open(Path file, Map<String, ?> configuration, Spending spending) {
    spending.requirePrices();
    return new RecordedCalls(
        new CallStore.OnDisk(
            Journal.open(file, Map.of("content", "calls by role", "run", configuration))),
        spending);
  }

  /**
   * Returns a model whose calls are filed and booked under a role. It has the identity of {@code
   * model}.
   *
   * @param role who calls, such as {@code debater} or {@code judge}
   * @throws IllegalArgumentException if the role is blank, or the model is a {@link FormedModel},
   *     which would not hear of its forms any more; people have {@link #person}
   */
  public LanguageModel as(String role, LanguageModel model) {
    requireRole(role);
    if (model instanceof FormedModel) {
      throw new IllegalArgumentException(
          "role '"
              + role
              + "' must not have a model that is told the form of its replies, since recorded it"
              + " would not be, but has "
              + model.id()
              + "; of a person take person(\""
              + role
              + "\", ...).asModel()");
    }
    return new RememberingModel(
        new MeteredModel(this, role, model), new CompletionMemory(this, role));
  }

  /** Returns a model held to given replies whose calls are filed and booked under a role. */
  public ChoiceModel choices(String role, ChoiceModel model) {
    requireRole(role);
    return new RecordedChoices(this, role, model);
  }

  private static void requireRole(String role) {
    if (role.isBlank()) {
      throw new IllegalArgumentException("role must not be blank");
    }
  }

  /** Returns a model whose scores of continuations are filed and booked under a role. */
  public LikelihoodModel likelihoods(String role, LikelihoodModel model) {
    requireRole(role);
    return new RecordedLikelihoods(this, role, model);
  }

  /**
   * Returns a person whose answers are filed under a role, each as it is given: what a person has
   * answered is not asked again, and equal requests are one, whatever their seed. Answers of people
   * are not booked: they cost no calls. Where a model is wanted, take the model of the person that
   * is returned.
   *
   * @param role who answers, such as {@code judge}
   */
  public HumanOverseer person(String role, HumanOverseer person) {
    requireRole(role);
    return new RecordedPerson(this, role, person);
  }

  /** What was newly asked, by role. */
  public Map<String, Usage> usageByRole() {
    return ledger.byRole();
  }

  /** The money that was newly spent, in the currency of the prices. */
  public double spent() {
    return ledger.spent();
  }

  /** How many answers were known already. */
  public long knownAnswers() {
    return known.get();
  }

  /**
   * Books calls that are about to start, all or none.
   *
   * @throws BudgetExceededException if there is no room for all of them; nothing is booked then
   */
  void reserve(String role, int calls) {
    synchronized (ledger) {
      reserveAll(role, calls);
    }
  }

  private void reserveAll(String role, int calls) {
    for (int i = 0; i < calls; i++) {
      String limit = ledger.reserve(budget, elapsed()).orElse("");
      if (!limit.isEmpty()) {
        for (int booked = 0; booked < i; booked++) {
          ledger.release();
        }
        throw new BudgetExceededException(
            limit,
            "the budget of "
                + limit
                + " leaves no room for "
                + calls
                + (calls == 1 ? " call" : " calls")
                + " of role '"
                + role
                + "'; answers so far are kept, run again with a larger budget");
      }
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(nanos.getAsLong() - began);
  }

  UsageLedger ledger() {
    return ledger;
  }

  CallStore store() {
    return store;
  }

  double price(String role, Usage usage) {
    return prices.price(role, usage);
  }

  void countKnown() {
    known.incrementAndGet();
  }

  @Override
  public void close() {
    store.close();
  }
}
