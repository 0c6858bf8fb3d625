package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is, and as whom to speak to it.
 *
 * @param server its address
 * @param tls whom to trust, and the client's own certificate where there is one
 * @param token what to show; nothing where a certificate is enough
 */
public record ApiAccess(URI server, SSLContext tls, Token token) {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /** A bearer token. */
  public sealed interface Token {
    /** None is needed. */
    record None() implements Token {}

    /** One that never changes. */
    record Fixed(String text) implements Token {}

    /** Read anew for each request: the kubelet replaces the file before the token expires. */
    record OfFile(Path file) implements Token {}

    /**
     * The token to show now.
     *
     * @throws IOException if its file cannot be read
     */
    default Optional<String> current() throws IOException {
      return switch (this) {
        case None() -> Optional.empty();
        case Fixed(String text) -> Optional.of(text);
        case OfFile(Path file) -> Optional.of(Files.readString(file).strip());
      };
    }
  }

  /**
   * The named kubeconfig; else the account of the pod that this runs in; else {@code KUBECONFIG}.
   *
   * @throws CommandFailure if there is none of them, or it cannot be used
   */
  public static ApiAccess find(Optional<Path> kubeconfig, Map<String, String> environment) {
    if (kubeconfig.isPresent()) {
      return ofKubeconfig(kubeconfig.get());
    }
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    if (!host.isEmpty()) {
      return ofPod(host, environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"));
    }
    String variable = environment.getOrDefault("KUBECONFIG", "");
    if (!variable.isEmpty()) {
      return ofKubeconfig(Path.of(variable));
    }
    throw new CommandFailure(
        "find API server: not in a pod, and no kubeconfig: name one by --kubeconfig or KUBECONFIG");
  }

  private static ApiAccess ofPod(String host, String port) {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return new ApiAccess(
        URI.create("https://" + bracketed + ":" + port),
        context(
            "service account " + SERVICE_ACCOUNT,
            SERVICE_ACCOUNT.resolve("ca.crt"),
            null,
            false,
            new KeyManager[0]),
        new Token.OfFile(SERVICE_ACCOUNT.resolve("token")));
  }

  private static ApiAccess ofKubeconfig(Path file) {
    JsonNode config = parsed(file);
    JsonNode context = named(file, config, "context", config.path("current-context").asText(""));
    JsonNode cluster = named(file, config, "cluster", context.path("cluster").asText(""));
    JsonNode user = named(file, config, "user", context.path("user").asText(""));
    if (user.has("exec") || user.has("auth-provider")) {
      throw refused(file, "users by exec or auth-provider are not for agents: use tokenFile");
    }
    String what = "kubeconfig " + file;
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    SSLContext tls =
        context(
            what,
            path(folder, cluster.path("certificate-authority")),
            text(cluster.path("certificate-authority-data")),
            cluster.path("insecure-skip-tls-verify").asBoolean(false),
            keys(what, folder, user));
    URI server;
    try {
      server = URI.create(cluster.path("server").asText(""));
    } catch (IllegalArgumentException e) {
      throw refused(file, "the server's address is none: mend it");
    }
    if (server.getHost() == null) {
      throw refused(file, "no server in its cluster: add its address");
    }
    return new ApiAccess(server, tls, token(folder, user));
  }

  private static Token token(Path folder, JsonNode user) {
    Path file = path(folder, user.path("tokenFile"));
    if (file != null) {
      return new Token.OfFile(file);
    }
    String text = text(user.path("token"));
    return text == null ? new Token.None() : new Token.Fixed(text);
  }

  private static JsonNode parsed(Path file) {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw refused(file, "no such file: correct the path");
    } catch (IOException e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
      throw new CommandFailure("read kubeconfig %s: %s: mend the file".formatted(file, line), e);
    }
  }

  /** The part of a list of named parts, such as {@code clusters: [{name: a, cluster: {…}}]}. */
  private static JsonNode named(Path file, JsonNode config, String what, String name) {
    for (JsonNode each : config.path(what + "s")) {
      if (each.path("name").asText("").equals(name)) {
        return each.path(what);
      }
    }
    throw refused(file, "no %s '%s': add it, or correct its name".formatted(what, name));
  }

  private static KeyManager[] keys(String what, Path folder, JsonNode user) {
    Path certificate = path(folder, user.path("client-certificate"));
    Path key = path(folder, user.path("client-key"));
    String certificateData = text(user.path("client-certificate-data"));
    String keyData = text(user.path("client-key-data"));
    if (certificate == null && certificateData == null) {
      return new KeyManager[0];
    }
    try {
      String pem = keyData == null && key != null ? Files.readString(key) : decoded(keyData);
      return SSLUtils.keyManagers(
          certificateData,
          certificate == null ? null : certificate.toString(),
          keyData,
          key == null ? null : key.toString(),
          pem.contains("BEGIN EC ") ? "EC" : "RSA",
          "",
          null,
          null);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw unusable(what, "client certificate", e);
    }
  }

  private static SSLContext context(
      String what, @Nullable Path ca, @Nullable String caData, boolean all, KeyManager[] keys) {
    try {
      boolean hasCa = ca != null || caData != null;
      return SSLUtils.sslContext(
          keys,
          hasCa || all
              ? SSLUtils.trustManagers(caData, ca == null ? null : ca.toString(), all, null, null)
              : null);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw unusable(what, "certificate authority", e);
    }
  }

  private static CommandFailure unusable(String what, String part, Exception cause) {
    return new CommandFailure(
        "use %s: the %s cannot be read (%s): mend it".formatted(what, part, cause.getMessage()),
        cause);
  }

  private static CommandFailure refused(Path file, String why) {
    return new CommandFailure("read kubeconfig %s: %s".formatted(file, why));
  }

  private static String decoded(@Nullable String base64) {
    return base64 == null
        ? ""
        : new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  private static @Nullable Path path(Path folder, JsonNode node) {
    String text = text(node);
    return text == null ? null : folder.resolve(text);
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty() ? node.asText() : null;
  }
}
