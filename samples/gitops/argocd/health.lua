-- Health of a TaskStorageMap, ClusterTaskStoragePolicy or TaskStoragePolicy for Argo CD. It says what kstatus
-- says, and so what Flux waits for. argocd-cm.yaml has it once for each kind.
local function say(status, condition)
  local message = condition.reason or ""
  if condition.message ~= nil and condition.message ~= "" then
    message = message .. ": " .. condition.message
  end
  return {status = status, message = message}
end

local health = {status = "Progressing", message = "waiting for the controller"}
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end
for _, condition in ipairs(obj.status.conditions or {}) do
  -- Somebody must act. All else that is not ready will be, and Degraded would fail the sync at once.
  if condition.type == "Stalled" and condition.status == "True" then
    return say("Degraded", condition)
  end
  if condition.type == "Ready" then
    health = say(condition.status == "True" and "Healthy" or "Progressing", condition)
  end
end
return health
