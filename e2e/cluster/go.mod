module taskstorage.io/e2e/cluster

go 1.26.0
