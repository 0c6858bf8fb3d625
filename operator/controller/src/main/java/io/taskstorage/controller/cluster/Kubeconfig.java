package io.taskstorage.controller.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** As much of a kubeconfig as tells where the current user's token is. */
@JsonIgnoreProperties(ignoreUnknown = true)
record Kubeconfig(
    @JsonProperty("current-context") @Nullable String currentContext,
    @Nullable List<NamedContext> contexts,
    @Nullable List<NamedUser> users) {

  @JsonIgnoreProperties(ignoreUnknown = true)
  record NamedContext(@Nullable String name, @Nullable Context context) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Context(@Nullable String user) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record NamedUser(@Nullable String name, @Nullable User user) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record User(@Nullable String tokenFile) {}

  Optional<User> currentUser() {
    return Objects.requireNonNullElse(contexts, List.<NamedContext>of()).stream()
        .filter(named -> Objects.equals(named.name(), currentContext) && named.context() != null)
        .flatMap(
            named ->
                Objects.requireNonNullElse(users, List.<NamedUser>of()).stream()
                    .filter(
                        user ->
                            Objects.equals(
                                user.name(), Objects.requireNonNull(named.context()).user())))
        .map(NamedUser::user)
        .filter(Objects::nonNull)
        .findFirst();
  }
}
