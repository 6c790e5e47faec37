function Get-NetAdapterRdma {
    StandIn-Rdma
}
