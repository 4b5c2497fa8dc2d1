package org.alignment4j.oversight.human;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ViewPieces;
import org.alignment4j.core.report.VisibleText;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * A person at a console. A verdict is a letter, with a confidence in per cent after it where the
 * person has one; what is no verdict is asked for again, with the menu. A turn or a reply is what
 * is typed up to a line with a single full stop; a reply that does not keep the form that its
 * prompt asks for is asked for again, and the person is told what is wrong. Question, options,
 * sources and turns stand each behind a margin, so that none can be written to look like another or
 * like the console's own lines, and their control characters are not passed to the console, which
 * must be 80 columns wide. One question at a time: concurrent calls wait for each other.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ConsoleOverseer implements HumanOverseer {
  private static final String END = ".";
  private static final double PERCENT = 100;

  private final BufferedReader in;
  private final PrintStream out;

  /**
   * Creates an overseer.
   *
   * @param in where the person types
   * @param out what the person reads
   */
  public ConsoleOverseer(BufferedReader in, PrintStream out) {
    this.in = Objects.requireNonNull(in, "in");
    this.out = Objects.requireNonNull(out, "out");
  }

  @Override
  public synchronized Turn act(View view, OversightContext context) {
    show(view);
    out.println(
        "Write what "
            + VisibleText.oneLine(view.role())
            + " says; end with a line of one full stop.");
    String text = text(context.cancellation());
    return new Turn(view.role(), view.round(), text, "", !text.isEmpty(), 1, Usage.NONE);
  }

  @Override
  public synchronized Verdict judge(View view, OversightContext context) {
    show(view);
    String last = Prompts.letter(view.options().size() - 1);
    while (true) {
      out.println("Which option is right? A to " + last + ", with a confidence such as: A 80");
      String[] parts = read(context.cancellation()).strip().split("\\s+", -1);
      int option = option(parts[0], view.options().size());
      OptionalDouble confidence = parts.length > 1 ? confidence(parts[1]) : OptionalDouble.of(1);
      if (option >= 0 && parts.length <= 2 && confidence.isPresent()) {
        return new Verdict.Decided(
            view.options().get(option), confidence.getAsDouble(), "", Usage.NONE);
      }
      out.println("That is none of the options, or no per cent from 0 to 100.");
    }
  }

  @Override
  public synchronized String reply(ReplyRequest request, CancellationToken cancellation) {
    out.println();
    out.println(ReadablePrompt.of(request.prompt()));
    request.form().ifPresent(form -> out.println(VisibleText.lines(form.form())));
    while (true) {
      out.println("Write the reply; end with a line of one full stop.");
      String text = text(cancellation);
      Optional<String> problem = request.problem(text);
      if (problem.isEmpty()) {
        return text;
      }
      out.println("That cannot be used: " + VisibleText.lines(problem.get()));
    }
  }

  /** Returns what is typed up to a line of one full stop. */
  private String text(CancellationToken cancellation) {
    List<String> lines = new ArrayList<>();
    for (String line = read(cancellation); !line.equals(END); line = read(cancellation)) {
      lines.add(line);
    }
    return String.join("\n", lines).strip();
  }

  /** The option that a letter of either case names; -1 for none. */
  static int option(String letter, int options) {
    String upper = letter.toUpperCase(Locale.ROOT);
    int option = upper.length() == 1 ? upper.charAt(0) - 'A' : -1;
    return option >= 0 && option < options ? option : -1;
  }

  private static OptionalDouble confidence(String text) {
    try {
      double percent = Double.parseDouble(text.replace("%", ""));
      return percent >= 0 && percent <= PERCENT
          ? OptionalDouble.of(percent / PERCENT)
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private void show(View view) {
    out.println();
    out.println(
        "You are "
            + VisibleText.oneLine(view.role())
            + ". "
            + VisibleText.lines(view.instructions()));
    out.println("What stands behind a | was written by others.");
    show("Question:", view.question());
    if (!view.options().isEmpty()) {
      out.println();
      for (PromptTemplate.Piece option : ViewPieces.options(view.options())) {
        out.println(Margin.behind(option.label(), option.text()));
      }
    }
    view.material().forEach(text -> show("Source:", text));
    ViewPieces.turns(view.turns()).forEach(turn -> show(turn.label(), turn.text()));
    out.println();
  }

  private void show(String heading, String text) {
    out.println();
    out.println(VisibleText.oneLine(heading));
    out.println(Margin.behind("", text));
  }

  private String read(CancellationToken cancellation) {
    if (cancellation.isCancelled()) {
      throw new CancelledException("cancelled while waiting for a person");
    }
    try {
      String line = in.readLine();
      if (line == null) {
        throw new ModelExecutionException(
            "the console was closed before the person answered; run again and answer");
      }
      return line;
    } catch (IOException e) {
      throw new ModelExecutionException("cannot read what the person types: " + e, e);
    }
  }
}
