package io.taskstorage.telemetry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where to listen: {@code HOST:PORT}, {@code [IPV6]:PORT}, or {@code :PORT} for every address.
 *
 * @param host empty = every address
 * @param port 0 = any that is free
 */
public record ListenAddress(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /**
   * Reads the text.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'%s' has no port: write HOST:PORT".formatted(text));
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw new IllegalArgumentException(
          "'%s' has several colons: write [HOST]:PORT for IPv6".formatted(text));
    }
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
      throw new IllegalArgumentException(
          "'%s' has no port between 0 and %d: write HOST:PORT".formatted(text, MAX_PORT));
    }
    return new ListenAddress(host, Integer.parseInt(port));
  }

  /**
   * The socket's address.
   *
   * @throws UnknownHostException if the host's name is not known
   */
  InetSocketAddress resolve() throws UnknownHostException {
    return host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** For options of commands. */
  static final class Converter implements ITypeConverter<ListenAddress> {
    @Override
    public ListenAddress convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
