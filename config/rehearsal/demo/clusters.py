"""The demo's field: real clusters of one province. What is said of them beyond their names is invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoCluster:
    """`key` names logins and figures; `scale` is output in 亿元, `merit` what the demo's evaluators see in it (0–100)."""

    key: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    sector: str
    track: str
    scale: int
    merit: int


CLUSTERS = (
    DemoCluster(
        "iot", "无锡市物联网集群", "Wuxi Internet of Things Cluster", "无锡物联网", "Wuxi IoT", "information", "information", 1480, 88
    ),
    DemoCluster(
        "software",
        "南京市软件和信息服务集群",
        "Nanjing Software & Information Services Cluster",
        "南京软件",
        "Nanjing software",
        "information",
        "information",
        1720,
        86,
    ),
    DemoCluster(
        "grid",
        "南京市新型电力(智能电网)装备集群",
        "Nanjing New Power (Smart Grid) Equipment Cluster",
        "南京电力装备",
        "Nanjing smart grid",
        "equipment",
        "equipment",
        1260,
        89,
    ),
    DemoCluster(
        "machinery",
        "徐州市工程机械集群",
        "Xuzhou Construction Machinery Cluster",
        "徐州工程机械",
        "Xuzhou machinery",
        "equipment",
        "equipment",
        1390,
        87,
    ),
    DemoCluster(
        "ships",
        "南通市、泰州市、扬州市海工装备和高技术船舶集群",
        "Nantong-Taizhou-Yangzhou Offshore Equipment & High-tech Ship Cluster",
        "通泰扬海工",
        "Offshore & ships",
        "equipment",
        "equipment",
        1150,
        83,
    ),
    DemoCluster(
        "instruments",
        "苏州高端科技仪器集群",
        "Suzhou High-end Scientific Instruments Cluster",
        "苏州仪器",
        "Suzhou instruments",
        "equipment",
        "equipment",
        430,
        81,
    ),
    DemoCluster(
        "nano", "苏州市纳米新材料集群", "Suzhou Nano New Materials Cluster", "苏州纳米", "Suzhou nano", "materials", "materials", 1010, 90
    ),
    DemoCluster(
        "carbon",
        "常州市新型碳材料集群",
        "Changzhou New Carbon Materials Cluster",
        "常州碳材料",
        "Changzhou carbon",
        "materials",
        "materials",
        620,
        82,
    ),
    DemoCluster(
        "steel",
        "苏南特钢材料集群",
        "Southern Jiangsu Special Steel Materials Cluster",
        "苏南特钢",
        "Special steel",
        "raw-materials",
        "materials",
        1840,
        78,
    ),
    DemoCluster(
        "solar",
        "盐常宿淮绿色光伏集群",
        "Yancheng-Changzhou-Suqian-Huai'an Green Photovoltaic Cluster",
        "盐常宿淮光伏",
        "Green solar",
        "new-energy",
        "materials",
        1560,
        80,
    ),
    DemoCluster(
        "textile",
        "苏州市、无锡市、南通市高端纺织集群",
        "Suzhou-Wuxi-Nantong High-end Textile Cluster",
        "苏锡通纺织",
        "High-end textile",
        "consumer-goods",
        "life_consumer",
        1330,
        77,
    ),
    DemoCluster(
        "biomed",
        "泰州市、连云港市、无锡市生物医药集群",
        "Taizhou-Lianyungang-Wuxi Biomedicine Cluster",
        "泰连锡医药",
        "Biomedicine",
        "biomedicine",
        "life_consumer",
        1080,
        84,
    ),
    DemoCluster(
        "devices",
        "苏州市生物医药及高端医疗器械集群",
        "Suzhou Biomedicine & High-end Medical Device Cluster",
        "苏州医药器械",
        "Suzhou bio-devices",
        "biomedicine",
        "life_consumer",
        970,
        85,
    ),
)
BY_KEY = {cluster.key: cluster for cluster in CLUSTERS}
