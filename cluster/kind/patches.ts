const containers = (name: string, cpu: string) => ({
  containers: [{ name, resources: { requests: { cpu } } }],
});

const staticPod = (name: string, cpu: string) => ({ [name]: { spec: containers(name, cpu) } });

/**
 * kubeadm's patches, by the names of their files. What a pod asks for is its share of cores that are busy. By default the
 * control plane asks for so much that a gateway, or the pod that answers for its address, may wait for seconds.
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/control-plane-flags/#patches
 */
export const patches = {
  ...staticPod('kube-apiserver', '50m'),
  ...staticPod('etcd', '20m'),
  ...staticPod('kube-controller-manager', '20m'),
  ...staticPod('kube-scheduler', '10m'),
  corednsdeployment: { spec: { template: { spec: containers('coredns', '10m') } } },
};
