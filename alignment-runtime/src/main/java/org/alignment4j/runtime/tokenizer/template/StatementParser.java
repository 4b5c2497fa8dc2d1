package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Parses text, outputs and statements. */
final class StatementParser {

  private static final String KNOWN =
      "if, for, set, macro, call, filter, with, block, generation, break or continue";
  private static final Set<String> FORBIDDEN = Set.of("include", "import", "from", "extends");

  private final TokenStream stream;
  private final Nesting nesting;
  private final NameUses uses = new NameUses();
  private final ExpressionParser expressions;
  private int loops;
  private boolean generation;

  private StatementParser(TokenStream stream, Nesting nesting) {
    this.stream = stream;
    this.nesting = nesting;
    this.expressions = new ExpressionParser(stream, nesting, uses);
  }

  /**
   * A parsed template.
   *
   * @param marksAssistant whether it has {@code generation} blocks
   */
  record Parsed(List<Node> body, boolean marksAssistant) {}

  static Parsed parse(List<Token> tokens, TemplateLimits limits) {
    StatementParser parser =
        new StatementParser(new TokenStream(tokens), new Nesting(limits.maxNesting()));
    List<Node> body = parser.body();
    if (parser.stream.current().kind() != Token.Kind.END) {
      throw parser.stream.expected(KNOWN);
    }
    return new Parsed(body, parser.generation);
  }

  /** Nodes up to a tag that is not a statement of its own; its {@code {%} has been consumed. */
  private List<Node> body(String... ends) {
    nesting.enter(stream.current().line());
    List<Node> nodes = new ArrayList<>();
    while (true) {
      Token token = stream.current();
      if (token.kind() == Token.Kind.END) {
        if (ends.length > 0) {
          throw stream.expected("'{% " + String.join(" %}' or '{% ", ends) + " %}'");
        }
        break;
      }
      stream.next();
      if (token.kind() == Token.Kind.DATA) {
        nodes.add(new Node.Text(token.text()));
      } else if (token.kind() == Token.Kind.VARIABLE_BEGIN) {
        nodes.add(new Node.Output(expressions.tuple(true, null), token.line()));
        stream.expect(Token.Kind.VARIABLE_END, "'}}'");
      } else if (List.of(ends).contains(stream.current().text())) {
        break;
      } else {
        nodes.add(statement());
      }
    }
    nesting.leave();
    return nodes;
  }

  private Node statement() {
    Token tag = stream.expect(Token.Kind.NAME, "the name of a statement");
    int line = tag.line();
    Node node =
        switch (tag.text()) {
          case "if" -> ifStatement(line);
          case "for" -> forStatement(line);
          case "set" -> set(line);
          case "macro" -> macro(line);
          case "call" -> call(line);
          case "filter" -> filter(line);
          case "with" -> with(line);
          case "block" -> block();
          case "generation" -> generation(line);
          case "break" -> jump(Node.Flow.BREAK, tag);
          case "continue" -> jump(Node.Flow.CONTINUE, tag);
          default -> throw unknown(tag);
        };
    stream.expect(Token.Kind.BLOCK_END, "'%}'");
    return node;
  }

  private static TemplateException unknown(Token tag) {
    String rule =
        FORBIDDEN.contains(tag.text())
            ? "a chat template cannot load other templates with '" + tag.text() + "'"
            : "expected " + KNOWN + " but found '" + tag.text() + "'";
    return new TemplateException(
        "line " + tag.line() + " of the chat template: " + rule, tag.line());
  }

  private List<Node> bodyAfterTag(String... ends) {
    stream.expect(Token.Kind.BLOCK_END, "'%}'");
    return body(ends);
  }

  private List<Node> wholeBody(String end) {
    List<Node> nodes = bodyAfterTag(end);
    stream.expectName(end);
    return nodes;
  }

  private Node ifStatement(int line) {
    List<Node.Branch> branches = new ArrayList<>();
    List<Node> otherwise = List.of();
    do {
      Expr test = expressions.tuple(false, null);
      branches.add(new Node.Branch(test, bodyAfterTag("elif", "else", "endif")));
    } while (stream.skipName("elif"));
    if (stream.skipName("else")) {
      otherwise = bodyAfterTag("endif");
    }
    stream.expectName("endif");
    return new Node.If(branches, otherwise, line);
  }

  private Node forStatement(int line) {
    Target target = target("in", false);
    stream.expectName("in");
    Expr values = expressions.tuple(false, "recursive");
    Expr test = stream.skipName("if") ? expressions.expression() : null;
    boolean recursive = stream.skipName("recursive");
    loops++;
    List<Node> body = bodyAfterTag("else", "endfor");
    loops--;
    List<Node> otherwise = stream.skipName("else") ? bodyAfterTag("endfor") : List.of();
    stream.expectName("endfor");
    return new Node.For(target, values, test, recursive, body, otherwise, line);
  }

  private Node set(int line) {
    Target target = target("=", true);
    if (stream.skipOperator("=")) {
      return new Node.Set(target, expressions.tuple(true, null), line);
    }
    Expr.Filter filter = stream.skipOperator("|") ? expressions.filterChain() : null;
    return new Node.SetBlock(target, filter, wholeBody("endset"), line);
  }

  private Target target(String end, boolean namespaces) {
    List<Target> targets = new ArrayList<>();
    boolean comma = false;
    do {
      Token token = stream.current();
      if (comma && (token.isName(end) || token.isOperator(end) || token.isOperator(")"))) {
        break;
      }
      targets.add(singleTarget(end, namespaces));
      if (!stream.current().isOperator(",")) {
        break;
      }
      comma = true;
    } while (stream.skipOperator(","));
    return comma ? new Target.Unpacked(targets) : targets.get(0);
  }

  private Target singleTarget(String end, boolean namespaces) {
    if (stream.skipOperator("(")) {
      nesting.enter(stream.current().line());
      Target inner = target(end, namespaces);
      nesting.leave();
      stream.expectOperator(")");
      return inner;
    }
    String name = assignable();
    if (namespaces && stream.skipOperator(".")) {
      String attribute = stream.expect(Token.Kind.NAME, "an attribute of the namespace").text();
      return new Target.NamespaceAttribute(name, attribute);
    }
    return new Target.Variable(name);
  }

  private String assignable() {
    Token token = stream.expect(Token.Kind.NAME, "a variable to assign to");
    if (Set.of("true", "false", "none", "True", "False", "None").contains(token.text())) {
      throw new TemplateException(
          "line %s of the chat template: expected a variable to assign to but found '%s'"
              .formatted(token.line(), token.text()),
          token.line());
    }
    return token.text();
  }

  private Node macro(int line) {
    String name = assignable();
    Function function = function(name, "endmacro");
    return new Node.MacroDefinition(function.signature(), function.body(), line);
  }

  private Node call(int line) {
    uses.open();
    Parameters parameters =
        stream.current().isOperator("(") ? parameters() : new Parameters(List.of(), Map.of());
    Expr called = expressions.expression();
    uses.close();
    if (!(called instanceof Expr.Call call)) {
      throw stream.expected("a call of a macro");
    }
    Function function = functionBody("caller", parameters, "endcall");
    return new Node.CallBlock(function.signature(), call, function.body(), line);
  }

  private record Parameters(List<String> names, Map<String, Expr> defaults) {}

  private record Function(Signature signature, List<Node> body) {}

  private Function function(String name, String end) {
    return functionBody(name, parameters(), end);
  }

  private Function functionBody(String name, Parameters parameters, String end) {
    uses.open();
    List<Node> body = separately(() -> wholeBody(end));
    Set<String> read = uses.close();
    Signature signature =
        new Signature(
            name,
            parameters.names(),
            parameters.defaults(),
            read.contains("varargs") && !parameters.names().contains("varargs"),
            read.contains("kwargs") && !parameters.names().contains("kwargs"),
            read.contains("caller"));
    return new Function(signature, body);
  }

  /** A body in which break and continue do not reach the loops around it. */
  private List<Node> separately(Supplier<List<Node>> body) {
    int outer = loops;
    loops = 0;
    List<Node> nodes = body.get();
    loops = outer;
    return nodes;
  }

  private Parameters parameters() {
    List<String> names = new ArrayList<>();
    Map<String, Expr> defaults = new LinkedHashMap<>();
    stream.expectOperator("(");
    while (!stream.skipOperator(")")) {
      if (!names.isEmpty()) {
        stream.expectOperator(",");
      }
      String name = assignable();
      names.add(name);
      if (stream.skipOperator("=")) {
        defaults.put(name, expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw stream.expected("a default, since the parameter before has one");
      }
    }
    return new Parameters(names, defaults);
  }

  private Node filter(int line) {
    Expr.Filter filter = expressions.filterChain();
    return new Node.FilterBlock(filter, wholeBody("endfilter"), line);
  }

  private Node with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (stream.current().kind() != Token.Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        stream.expectOperator(",");
      }
      targets.add(singleTarget("=", false));
      stream.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Node.With(targets, values, wholeBody("endwith"), line);
  }

  private Node block() {
    String name = stream.expect(Token.Kind.NAME, "the name of the block").text();
    Node block = new Node.Block(wholeBody("endblock"));
    stream.skipName(name);
    return block;
  }

  private Node generation(int line) {
    generation = true;
    return new Node.Generation(separately(() -> wholeBody("endgeneration")), line);
  }

  private Node jump(Node.Flow flow, Token tag) {
    if (loops == 0) {
      throw new TemplateException(
          "line %s of the chat template: '%s' must stand inside a for loop"
              .formatted(tag.line(), tag.text()),
          tag.line());
    }
    return new Node.Jump(flow);
  }
}
