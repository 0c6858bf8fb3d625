package io.taskstorage.e2e.api;

import io.taskstorage.testkit.cluster.ApiServer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link Server}, which has our definitions; after each test no object of our kinds
 * is left on it.
 */
final class ServerParameter implements ParameterResolver, BeforeAllCallback, AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(ServerParameter.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    server(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    server(context).clear();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Server.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }

  private static Server server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Server.class, key -> prepared(ApiServer.shared(context)), Server.class);
  }

  private static Server prepared(ApiServer started) {
    started.apply(Definition.FOLDER);
    Server server = Server.of(started.kubeconfig());
    Definition.all().forEach(server::awaitServed);
    return server;
  }
}
