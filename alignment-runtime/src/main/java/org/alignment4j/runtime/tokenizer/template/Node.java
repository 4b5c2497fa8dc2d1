package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement or a piece of text of a template. */
sealed interface Node {

  /** How execution goes on after a statement. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow exec(Scope scope, Run run);

  static Flow execAll(List<Node> body, Scope scope, Run run) {
    for (Node node : body) {
      Flow flow = node.exec(scope, run);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  /** Literal text. */
  record Text(String text) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.write(text);
      return Flow.NEXT;
    }
  }

  /** {@code {{ expression }}}. */
  record Output(Expr expression, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      run.write(Repr.text(run, expression.eval(scope, run)));
      return Flow.NEXT;
    }
  }

  /** One test of an {@code if} chain with its body. */
  record Branch(Expr test, List<Node> body) {}

  /** {@code if}, {@code elif}, {@code else}. */
  record If(List<Branch> branches, List<Node> otherwise, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      for (Branch branch : branches) {
        if (Values.truth(branch.test().eval(scope, run))) {
          return execAll(branch.body(), scope, run);
        }
      }
      return execAll(otherwise, scope, run);
    }
  }

  /**
   * {@code for target in values if test recursive}. As in Jinja, {@code else} runs unless the body
   * was completed at least once: an iteration left by break or continue does not count.
   */
  record For(
      Target target,
      Expr values,
      @Nullable Expr test,
      boolean recursive,
      List<Node> body,
      List<Node> otherwise,
      int line)
      implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      loop(values.eval(scope, run), scope, run, 0);
      return Flow.NEXT;
    }

    void loop(Object sequence, Scope scope, Run run, int depth) {
      Loop loop = Loop.over(this, sequence, scope, run, depth);
      boolean completed = false;
      while (loop.advance()) {
        run.iteration();
        Scope inner = scope.child();
        inner.set("loop", loop);
        target.assign(loop.current(), inner, run);
        Flow flow = execAll(body, inner, run);
        if (flow == Flow.BREAK) {
          break;
        }
        completed |= flow == Flow.NEXT;
        run.at(line);
      }
      if (!completed) {
        execAll(otherwise, scope.child(), run);
      }
    }
  }

  /** {@code set target = value}. */
  record Set(Target target, Expr value, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      target.assign(value.eval(scope, run), scope, run);
      return Flow.NEXT;
    }
  }

  /** {@code set target} … {@code endset}: the text of the body. */
  record SetBlock(Target target, Expr.@Nullable Filter filter, List<Node> body, int line)
      implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      Scope inner = scope.child();
      String text = run.capture(() -> execAll(body, inner, run));
      Object value = filter == null ? text : filter.applyTo(text, scope, run);
      target.assign(value, scope, run);
      return Flow.NEXT;
    }
  }

  /** {@code macro name(parameters)}. */
  record MacroDefinition(Signature signature, List<Node> body, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      scope.set(signature.name(), new Macro(signature, body, scope));
      return Flow.NEXT;
    }
  }

  /** {@code call(parameters) macro(…)}: the body becomes the macro's {@code caller}. */
  record CallBlock(Signature signature, Expr.Call call, List<Node> body, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      Object caller = new Macro(signature, body, scope);
      run.write(Repr.text(run, call.evalWith(scope, run, Map.of("caller", caller))));
      return Flow.NEXT;
    }
  }

  /** {@code filter name} … {@code endfilter}. */
  record FilterBlock(Expr.Filter filter, List<Node> body, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      Scope inner = scope.child();
      String text = run.capture(() -> execAll(body, inner, run));
      run.write(Repr.text(run, filter.applyTo(text, scope, run)));
      return Flow.NEXT;
    }
  }

  /** {@code with a = 1, b = 2} … {@code endwith}. */
  record With(List<Target> targets, List<Expr> values, List<Node> body, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      Scope inner = scope.child();
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(values.get(i).eval(scope, run), inner, run);
      }
      return execAll(body, inner, run);
    }
  }

  /** {@code generation} … {@code endgeneration}: text that the assistant wrote. */
  record Generation(List<Node> body, int line) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      run.at(line);
      Scope inner = scope.child();
      String text = run.capture(() -> execAll(body, inner, run));
      run.span(text);
      run.write(text);
      return Flow.NEXT;
    }
  }

  /** {@code block name} … {@code endblock}, rendered in place; it sees top-level names only. */
  record Block(List<Node> body) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      execAll(body, scope.top().child(), run);
      return Flow.NEXT;
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Flow flow) implements Node {
    @Override
    public Flow exec(Scope scope, Run run) {
      return flow;
    }
  }
}
