package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}: reads its sequence lazily, one element ahead only when asked. */
final class Loop implements Attributes, TemplateFunction {

  private final Node.For node;
  private final Scope scope;
  private final Run run;
  private final int depth;
  private final boolean sized;
  private Iterator<Object> source;
  private long index0 = -1;
  private @Nullable Object before;
  private @Nullable Object current;
  private @Nullable Object after;
  private long length = -1;
  private @Nullable List<Object> lastChanged;

  private Loop(Node.For node, Iterator<Object> source, Scope scope, Run run, int depth, long size) {
    this.node = node;
    this.source = source;
    this.scope = scope;
    this.run = run;
    this.depth = depth;
    this.sized = size >= 0;
    this.length = size;
  }

  static Loop over(Node.For node, Object sequence, Scope scope, Run run, int depth) {
    Object values = Values.plain(sequence);
    Iterator<Object> all = Values.iterate(values);
    Expr test = node.test();
    if (test != null) {
      return new Loop(node, new Tested(node, test, all, scope, run), scope, run, depth, -1);
    }
    return new Loop(node, all, scope, run, depth, Values.sizeOrMinusOne(values));
  }

  boolean advance() {
    if (after == null && !source.hasNext()) {
      return false;
    }
    before = current;
    if (after == null) {
      current = source.next();
    } else {
      current = after;
      after = null;
    }
    index0++;
    return true;
  }

  Object current() {
    if (current == null) {
      throw new IllegalStateException("the loop has not been advanced");
    }
    return current;
  }

  private @Nullable Object peek() {
    if (after == null && source.hasNext()) {
      after = source.next();
    }
    return after;
  }

  private long length() {
    if (!sized && length < 0) {
      List<Object> rest = new ArrayList<>();
      source.forEachRemaining(rest::add);
      source = rest.iterator();
      length = rest.size() + index0 + 1 + (after == null ? 0 : 1);
    }
    return length;
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index0 + 1;
      case "index0" -> index0;
      case "revindex" -> length() - index0;
      case "revindex0" -> length() - index0 - 1;
      case "first" -> index0 == 0;
      case "last" -> peek() == null;
      case "length" -> length();
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" -> before == null ? new Undefined("there is no previous item") : before;
      case "nextitem" -> {
        Object next = peek();
        yield next == null ? new Undefined("there is no next item") : next;
      }
      case "cycle" -> new Method("cycle", (r, arguments) -> cycle(arguments));
      case "changed" -> new Method("changed", (r, arguments) -> changed(arguments));
      default -> null;
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new EvaluationError("loop.cycle needs at least one argument");
    }
    return values.get((int) (index0 % values.size()));
  }

  private Object changed(Arguments arguments) {
    List<Object> values = arguments.positional();
    boolean same = lastChanged != null && Values.equal(run, lastChanged, values);
    lastChanged = values;
    return !same;
  }

  @Override
  public Object call(Run ignored, Arguments arguments) {
    if (!node.recursive()) {
      throw new EvaluationError("loop(…) needs a loop marked 'recursive'");
    }
    Object values = arguments.bind("loop", 1, "iterable").get("iterable");
    return run.called(() -> run.capture(() -> node.loop(values, scope, run, depth + 1)));
  }

  /** The elements that pass the {@code if} of the loop, tested as late as possible. */
  private static final class Tested implements Iterator<Object> {

    private final Node.For node;
    private final Expr test;
    private final Iterator<Object> all;
    private final Scope scope;
    private final Run run;
    private @Nullable Object found;

    Tested(Node.For node, Expr test, Iterator<Object> all, Scope scope, Run run) {
      this.node = node;
      this.test = test;
      this.all = all;
      this.scope = scope;
      this.run = run;
    }

    @Override
    public boolean hasNext() {
      while (found == null && all.hasNext()) {
        Object candidate = all.next();
        run.iteration();
        Scope inner = scope.child();
        node.target().assign(candidate, inner, run);
        if (Values.truth(test.eval(inner, run))) {
          found = candidate;
        }
      }
      return found != null;
    }

    @Override
    public Object next() {
      if (!hasNext() || found == null) {
        throw new NoSuchElementException();
      }
      Object value = found;
      found = null;
      return value;
    }
  }
}
