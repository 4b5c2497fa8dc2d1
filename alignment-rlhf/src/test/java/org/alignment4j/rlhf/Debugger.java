package org.alignment4j.rlhf;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.ClassPrepareRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Kills a process, as {@code kill -9} does, while it is about to run a method. */
final class Debugger {

  /** Has a process wait until it is attached to. */
  static final String AGENT =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0";

  private Debugger() {}

  /**
   * Kills a process that waits.
   *
   * @param moment which methods
   * @param call at which of their calls
   * @return where it was; empty when the process came to its end before
   */
  static Optional<String> kill(ChildProcess child, Moment moment, int call) throws Exception {
    VirtualMachine machine = attach(port(child.process()));
    for (String type : moment.methods().stream().map(Debugger::type).distinct().toList()) {
      ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
      prepared.addClassFilter(type);
      prepared.enable();
    }
    machine.resume();
    int calls = 0;
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        for (Event event : events) {
          if (event instanceof ClassPrepareEvent prepared) {
            stopIn(prepared.referenceType(), moment);
          } else if (event instanceof BreakpointEvent stopped && ++calls == call) {
            String where = stopped.location().toString();
            child.process().destroyForcibly().waitFor();
            return Optional.of(where);
          }
        }
        events.resume();
      }
    } catch (VMDisconnectedException e) {
      if (child.process().waitFor() != 0) {
        throw new IllegalStateException(child.messages(), e);
      }
      return Optional.empty();
    }
  }

  private static String type(String method) {
    return method.substring(0, method.lastIndexOf('.'));
  }

  private static void stopIn(ReferenceType type, Moment moment) {
    for (Method method : type.methods()) {
      if (moment.methods().contains(type.name() + "." + method.name())
          && method.location() != null) {
        type.virtualMachine()
            .eventRequestManager()
            .createBreakpointRequest(method.location())
            .enable();
      }
    }
  }

  /** What the process says of the port it listens at. */
  private static String port(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    return line.substring(line.lastIndexOf(':') + 1).trim();
  }

  private static VirtualMachine attach(String port) throws Exception {
    AttachingConnector socket =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = socket.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port);
    return socket.attach(arguments);
  }
}
